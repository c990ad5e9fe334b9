/** What the reference files call pytorch-grad-cam's maps (`LAYER.pgc.NAME`), by our name of the method. */
export const pytorchGradCamNames = {
  'grad-cam': 'gradcam',
  'layer-cam': 'layercam',
  'grad-cam-plus-plus': 'gradcampp',
  'xgrad-cam': 'xgradcam',
  'hires-cam': 'hirescam',
  'element-wise-grad-cam': 'elementwise',
} as const;
