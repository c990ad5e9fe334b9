/** Papers of what is used without a name of `--method`: a target, a fusion of layers. */
export const furtherPapers = {
  'finer-cam': `@inproceedings{zhang2025finercam,
  title = {Finer-CAM: Spotting the Difference Reveals Finer Details for Visual Explanation},
  author = {Zhang, Ziheng and Gu, Jianyang and Chowdhury, Arpita and Mai, Zheda and Carlyn, David and Berger-Wolf, Tanya and Su, Yu and Chao, Wei-Lun},
  booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
  pages = {9611--9620},
  year = {2025}
}`,
  'refine-cam': `@article{domeniconi2026refinecam,
  title = {How to Evaluate and Refine your CAM},
  author = {Domeniconi, Luca and Stramiglio, Alessandra and Lombardi, Michele and Salti, Samuele},
  journal = {arXiv preprint arXiv:2605.14641},
  year = {2026}
}`,
} as const;
