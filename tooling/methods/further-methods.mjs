// Methods that people look for and `explain` does not offer by name, and the maps every method must beat: what their pages say.

/** @type {import('./further-methods.d.mts').furtherMethods} */
export const furtherMethods = {
  'finer-cam': {
    title: 'Finer-CAM',
    offered: 'the target `finer(classIndex)`, with any method that has gradients',
    paper:
      'Zhang et al., Finer-CAM: Spotting the Difference Reveals Finer Details for Visual Explanation, CVPR 2025',
    needs: 'what the method needs that it is used with',
    cost: 'that of the method it is used with',
    unit: 'that of the score: a difference of logits',
    variants: ['torchcam', 'pytorch-grad-cam'],
  },
  'refine-cam': {
    title: 'RefineCAM',
    offered: 'a request: several layers, `layerFusion: "product"`, `normalize: "minmax"`',
    paper: 'Domeniconi et al., How to Evaluate and Refine your CAM, 2026',
    needs: 'the gradient of the target at several layers, or what the method needs that it is used with',
    cost: '1 pass and 1 backward pass, for all layers together',
    unit: 'none: compare maps after normalisation',
    variants: [],
  },
  'random-map': {
    title: 'Random map',
    offered: 'the function `randomMap`',
    paper: 'none: a control',
    needs: 'nothing, not even the model',
    cost: 'no pass',
    unit: 'none',
    variants: [],
  },
  'centred-map': {
    title: 'Centred map',
    offered: 'the function `centredMap`',
    paper: 'none: a control',
    needs: 'nothing, not even the model',
    cost: 'no pass',
    unit: 'none',
    variants: [],
  },
};

export const furtherNames = Object.keys(furtherMethods);
