import { type MethodEntry, type MethodName, methodTable } from './method-table.ts';

/** What a method is called and where it comes from, beside what it needs. */
export interface MethodInfo extends Pick<MethodEntry, 'needs' | 'layers' | 'unit' | 'variants'> {
  /** `many`: the model runs more than once, `forwardCount` says how often; not for a slider. */
  readonly forwards: 'one' | 'many';
  /** Of methods that need the linear head: `tail` where, without one, they take a run of the rest of the network per channel. */
  readonly elsewhere: 'tail' | undefined;
  /** Whether `eigenSmoothing` applies. */
  readonly eigenSmoothing: boolean;
  /** Numbers that `MethodCall.settings` can set, with their defaults; undefined: decided by the layer or the input. */
  readonly settings: Readonly<Record<string, number | undefined>>;
  readonly title: string;
  /** Authors, title, venue. */
  readonly paper: string;
  /** For a reference list; empty where the method has no publication. */
  readonly bibtex: string;
}

const gradCamPaper =
  'Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, ICCV 2017';
const layerCamPaper =
  'Jiang et al., LayerCAM: Exploring Hierarchical Class Activation Maps for Localization, IEEE TIP 2021';

const gradCamBibtex = bibtex('inproceedings', 'selvaraju2017gradcam', {
  title: 'Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization',
  author:
    'Selvaraju, Ramprasaath R. and Cogswell, Michael and Das, Abhishek and Vedantam, Ramakrishna and Parikh, Devi and Batra, Dhruv',
  booktitle: 'IEEE International Conference on Computer Vision (ICCV)',
  pages: '618--626',
  year: '2017',
});

const layerCamBibtex = bibtex('article', 'jiang2021layercam', {
  title: 'LayerCAM: Exploring Hierarchical Class Activation Maps for Localization',
  author: 'Jiang, Peng-Tao and Zhang, Chang-Bin and Hou, Qibin and Cheng, Ming-Ming and Wei, Yunchao',
  journal: 'IEEE Transactions on Image Processing',
  volume: '30',
  pages: '5875--5888',
  year: '2021',
});

/** Every method by name: title, paper, citation, and what it needs of a model. */
export const methods: Readonly<Record<MethodName, MethodInfo>> = {
  hybrid: info('hybrid', 'Hybrid Grad-LayerCAM', `Product of ${gradCamPaper}; and ${layerCamPaper}`, [
    gradCamBibtex,
    layerCamBibtex,
  ]),
  'cross-layer-hybrid': info(
    'cross-layer-hybrid',
    'Cross-layer hybrid',
    `Product across layers of ${gradCamPaper}; and ${layerCamPaper}`,
    [gradCamBibtex, layerCamBibtex],
  ),
  'grad-cam': info('grad-cam', 'Grad-CAM', gradCamPaper, [gradCamBibtex]),
  'layer-cam': info('layer-cam', 'LayerCAM', layerCamPaper, [layerCamBibtex]),
  'grad-cam-plus-plus': info(
    'grad-cam-plus-plus',
    'Grad-CAM++',
    'Chattopadhay et al., Grad-CAM++: Improved Visual Explanations for Deep Convolutional Networks, WACV 2018',
    [
      bibtex('inproceedings', 'chattopadhay2018gradcampp', {
        title: 'Grad-CAM++: Generalized Gradient-Based Visual Explanations for Deep Convolutional Networks',
        author:
          'Chattopadhay, Aditya and Sarkar, Anirban and Howlader, Prantik and Balasubramanian, Vineeth N',
        booktitle: 'IEEE Winter Conference on Applications of Computer Vision (WACV)',
        pages: '839--847',
        year: '2018',
      }),
    ],
  ),
  'xgrad-cam': info(
    'xgrad-cam',
    'XGrad-CAM',
    'Fu et al., Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs, BMVC 2020',
    [
      bibtex('inproceedings', 'fu2020axiom', {
        title: 'Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs',
        author: 'Fu, Ruigang and Hu, Qingyong and Dong, Xiaohu and Guo, Yulan and Gao, Yinghui and Li, Biao',
        booktitle: 'British Machine Vision Conference (BMVC)',
        year: '2020',
      }),
    ],
  ),
  'hires-cam': info(
    'hires-cam',
    'HiResCAM',
    'Draelos and Carin, Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks, 2020',
    [
      bibtex('article', 'draelos2020hirescam', {
        title: 'Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks',
        author: 'Draelos, Rachel Lea and Carin, Lawrence',
        journal: 'arXiv preprint arXiv:2011.08891',
        year: '2020',
      }),
    ],
  ),
  'element-wise-grad-cam': info(
    'element-wise-grad-cam',
    'Element-wise Grad-CAM',
    'Unpublished; known from pytorch-grad-cam as GradCAMElementWise',
    [],
  ),
  'eigen-grad-cam': info(
    'eigen-grad-cam',
    'Eigen-Grad-CAM',
    'Unpublished; known from pytorch-grad-cam as EigenGradCAM',
    [],
  ),
  'eigen-cam': info(
    'eigen-cam',
    'Eigen-CAM',
    'Muhammad and Yeasin, Eigen-CAM: Class Activation Map using Principal Components, IJCNN 2020',
    [
      bibtex('inproceedings', 'muhammad2020eigencam', {
        title: 'Eigen-CAM: Class Activation Map using Principal Components',
        author: 'Muhammad, Mohammed Bany and Yeasin, Mohammed',
        booktitle: 'International Joint Conference on Neural Networks (IJCNN)',
        pages: '1--7',
        year: '2020',
      }),
    ],
  ),
  fem: info(
    'fem',
    'FEM',
    'Fuad et al., Features Understanding in 3D CNNs for Actions Recognition in Video, IPTA 2020',
    [
      bibtex('inproceedings', 'fuad2020fem', {
        title: 'Features Understanding in 3D CNNs for Actions Recognition in Video',
        author:
          'Fuad, Kazi Ahmed Asif and Martin, Pierre-Etienne and Giot, Romain and Bourqui, Romain and Benois-Pineau, Jenny and Zemmari, Akka',
        booktitle: 'International Conference on Image Processing Theory, Tools and Applications (IPTA)',
        pages: '1--6',
        year: '2020',
      }),
    ],
  ),
  'ablation-cam': info(
    'ablation-cam',
    'Ablation-CAM',
    'Desai and Ramaswamy, Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization, WACV 2020',
    [
      bibtex('inproceedings', 'desai2020ablationcam', {
        title:
          'Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization',
        author: 'Desai, Saurabh and Ramaswamy, Harish G.',
        booktitle: 'IEEE Winter Conference on Applications of Computer Vision (WACV)',
        pages: '972--980',
        year: '2020',
      }),
    ],
  ),
  cam: info('cam', 'CAM', 'Zhou et al., Learning Deep Features for Discriminative Localization, CVPR 2016', [
    bibtex('inproceedings', 'zhou2016cam', {
      title: 'Learning Deep Features for Discriminative Localization',
      author: 'Zhou, Bolei and Khosla, Aditya and Lapedriza, Agata and Oliva, Aude and Torralba, Antonio',
      booktitle: 'IEEE Conference on Computer Vision and Pattern Recognition (CVPR)',
      pages: '2921--2929',
      year: '2016',
    }),
  ]),
  'shapley-cam': info('shapley-cam', 'ShapleyCAM', 'Cai, CAMs as Shapley Value-based Explainers, 2025', [
    bibtex('article', 'cai2025shapleycam', {
      title: 'CAMs as Shapley Value-based Explainers',
      author: 'Cai, Huaiguang',
      journal: 'arXiv preprint',
      year: '2025',
    }),
  ]),
  'smooth-grad-cam-plus-plus': info(
    'smooth-grad-cam-plus-plus',
    'Smooth Grad-CAM++',
    'Omeiza et al., Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for Deep Convolutional Neural Network Models, 2019',
    [
      bibtex('article', 'omeiza2019smoothgradcampp', {
        title:
          'Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for Deep Convolutional Neural Network Models',
        author: 'Omeiza, Daniel and Speakman, Skyler and Cintas, Celia and Weldermariam, Komminist',
        journal: 'arXiv preprint arXiv:1908.01224',
        year: '2019',
      }),
    ],
  ),
  'score-cam': info(
    'score-cam',
    'Score-CAM',
    'Wang et al., Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks, CVPR Workshops 2020',
    [
      bibtex('inproceedings', 'wang2020scorecam', {
        title: 'Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks',
        author:
          'Wang, Haofan and Wang, Zifan and Du, Mengnan and Yang, Fan and Zhang, Zijian and Ding, Sirui and Mardziel, Piotr and Hu, Xia',
        booktitle: 'IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops',
        year: '2020',
      }),
    ],
  ),
  'ss-cam': info(
    'ss-cam',
    'SS-CAM',
    'Wang et al., SS-CAM: Smoothed Score-CAM for Sharper Visual Feature Localization, 2020',
    [
      bibtex('article', 'wang2020sscam', {
        title: 'SS-CAM: Smoothed Score-CAM for Sharper Visual Feature Localization',
        author: 'Wang, Haofan and Naidu, Rakshit and Michael, Joy and Kundu, Soumya Snigdha',
        journal: 'arXiv preprint arXiv:2006.14255',
        year: '2020',
      }),
    ],
  ),
  'is-cam': info(
    'is-cam',
    'IS-CAM',
    'Naidu et al., IS-CAM: Integrated Score-CAM for axiomatic-based explanations, 2020',
    [
      bibtex('article', 'naidu2020iscam', {
        title: 'IS-CAM: Integrated Score-CAM for axiomatic-based explanations',
        author:
          'Naidu, Rakshit and Ghosh, Ankita and Maurya, Yash and Nayak K, Shamanth R and Kundu, Soumya Snigdha',
        journal: 'arXiv preprint arXiv:2010.03023',
        year: '2020',
      }),
    ],
  ),
  rise: info(
    'rise',
    'RISE',
    'Petsiuk et al., RISE: Randomized Input Sampling for Explanation of Black-box Models, BMVC 2018',
    [
      bibtex('inproceedings', 'petsiuk2018rise', {
        title: 'RISE: Randomized Input Sampling for Explanation of Black-box Models',
        author: 'Petsiuk, Vitali and Das, Abir and Saenko, Kate',
        booktitle: 'British Machine Vision Conference (BMVC)',
        year: '2018',
      }),
    ],
  ),
  occlusion: info(
    'occlusion',
    'Occlusion',
    'Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014',
    [
      bibtex('inproceedings', 'zeiler2014visualizing', {
        title: 'Visualizing and Understanding Convolutional Networks',
        author: 'Zeiler, Matthew D. and Fergus, Rob',
        booktitle: 'European Conference on Computer Vision (ECCV)',
        pages: '818--833',
        year: '2014',
      }),
    ],
  ),
  'full-grad': info(
    'full-grad',
    'FullGrad',
    'Srinivas and Fleuret, Full-Gradient Representation for Neural Network Visualization, NeurIPS 2019',
    [
      bibtex('inproceedings', 'srinivas2019fullgrad', {
        title: 'Full-Gradient Representation for Neural Network Visualization',
        author: 'Srinivas, Suraj and Fleuret, François',
        booktitle: 'Advances in Neural Information Processing Systems (NeurIPS)',
        year: '2019',
      }),
    ],
  ),
  'attention-rollout': info(
    'attention-rollout',
    'Attention rollout',
    'Abnar and Zuidema, Quantifying Attention Flow in Transformers, ACL 2020',
    [
      bibtex('inproceedings', 'abnar2020rollout', {
        title: 'Quantifying Attention Flow in Transformers',
        author: 'Abnar, Samira and Zuidema, Willem',
        booktitle: 'Annual Meeting of the Association for Computational Linguistics (ACL)',
        pages: '4190--4197',
        year: '2020',
      }),
    ],
  ),
  'le-grad': info(
    'le-grad',
    'LeGrad',
    'Bousselham et al., LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity, 2024',
    [
      bibtex('article', 'bousselham2024legrad', {
        title: 'LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity',
        author:
          'Bousselham, Walid and Boggust, Angie and Chaybouti, Sofian and Strobelt, Hendrik and Kuehne, Hilde',
        journal: 'arXiv preprint arXiv:2404.03214',
        year: '2024',
      }),
    ],
  ),
};

function info(name: MethodName, title: string, paper: string, entries: readonly string[]): MethodInfo {
  const {
    needs,
    layers,
    unit,
    variants,
    forwards = 'one',
    elsewhere,
    settings = {},
    sums = false,
  } = methodTable[name];
  return {
    title,
    paper,
    bibtex: entries.join('\n\n'),
    needs,
    elsewhere,
    layers,
    unit,
    variants,
    forwards,
    settings,
    eigenSmoothing: sums,
  };
}

function bibtex(type: string, key: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([field, value]) => `  ${field} = {${value}}`);
  return `@${type}{${key},\n${lines.join(',\n')}\n}`;
}
