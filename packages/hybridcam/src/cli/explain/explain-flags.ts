import { layerFusions, methodNames } from '@hybridcam/core';
import { presets } from '@hybridcam/image';
import { colormapNames } from '@hybridcam/viz';
import type { Flag, ValueFlag } from '../flags.ts';
import { deviceFlag, offlineFlag, outputFlag, runtimeFlag, tokensFlag, weightsFlag } from '../model-flags.ts';

export const smoothings = ['eigen', 'augmentation'] as const;
export const presetNames = ['notebook', 'pytorch-grad-cam', 'torchcam'] as const;

/** The flags of `hybridcam explain`: an interface that scripts rely on. */
export const explainFlags = {
  model: {
    value: 'FILE',
    short: 'm',
    help: 'The classifier: an ONNX file, a TensorFlow.js model.json, or a name: scenes, a small network that knows our own drawn scenes, or resnet18, resnet34, resnet50, resnet101, resnet152, mobilenet_v2 (torchvision; fetched once). Default: scenes.',
  },
  runtime: runtimeFlag as ValueFlag,
  device: deviceFlag as ValueFlag,
  weights: weightsFlag as ValueFlag,
  offline: offlineFlag as Flag,
  output: outputFlag as ValueFlag,
  tokens: tokensFlag as ValueFlag,
  labels: {
    value: 'FILE',
    help: 'Class names: one per line, or a JSON array. Default: none, classes are numbers.',
  },
  layer: {
    value: 'NAME[,NAME…]',
    help: 'Where to look; "auto" is the last spatial layer. See hybridcam layers. For cross-layer-hybrid the layer of Grad-CAM, then that of LayerCAM. Default: auto.',
  },
  method: {
    value: 'NAME[:KEY=VALUE…][,NAME…]',
    help: `${methodNames.join(', ')}. A method's own settings follow it: score-cam:channels=32, rise:masks=1000:seed=1, grad-cam-plus-plus:variant=torchcam. Default: hybrid.` as string,
  },
  fuse: {
    value: 'HOW',
    help: `One map of several layers instead of one each: ${layerFusions.join(', ')}. Default: one map per layer.` as string,
  },
  smooth: {
    value: 'HOW[,HOW]',
    help: 'eigen: channels joined by their principal component instead of their sum; augmentation: the mean over six brightened, darkened and mirrored inputs, six times the passes. Default: neither.' as string,
  },
  batch: {
    value: 'N',
    help: 'Inputs per pass of methods that run the model many times. Default: 16.',
  },
  alpha: {
    value: 'A[,A…]',
    help: 'Mix of the hybrids, 0 (LayerCAM) to 1 (Grad-CAM); several cost no more than one. Default: 0.7.',
  },
  class: {
    value: 'CLASS',
    help: 'What to explain: top1, topN (each of the N best classes), an index from 0, or a label. Default: top1.',
  },
  target: {
    value: 'WHAT',
    help: 'What of the class: logit; probability; rest (logit + log probability); finer[:references=N:strength=X:variant=NAME], what tells it from the classes most like it (Finer-CAM); margin:CLASS, it rather than CLASS; counterfactual[:TARGET], what speaks against. Default: logit; probability for methods whose paper takes it.' as string,
  },
  preprocess: {
    value: 'PRESET',
    help: `How the model was trained: ${Object.keys(presets).join(', ')}. Default: torchvision.` as string,
  },
  resize: { value: 'N', help: "Shorter side before the crop. Default: the preset's." },
  crop: { value: 'N', help: "Side of the centre crop, the model's input. Default: the preset's." },
  mean: { value: 'R,G,B', help: "Subtracted from values in 0 to 1. Default: the preset's." },
  std: { value: 'R,G,B', help: "Divides what is left. Default: the preset's." },
  channels: { value: 'rgb|bgr', help: "Channel order of the model. Default: the preset's." },
  orientation: {
    value: 'exif|ignore',
    help: 'Turn pictures upright by their EXIF tag, or take them as stored. Default: exif.',
  },
  normalize: {
    value: 'max|minmax|none',
    help: 'Range of the maps: by the maximum, from minimum to maximum, or raw values. Default: max.',
  },
  preset: {
    value: 'NAME',
    help: "notebook: the reference notebook's choices at once: min-max maps, EXIF ignored, OpenCV's jet, overlays of the crop. pytorch-grad-cam, torchcam: that library's numbers. Single flags override it.",
  },
  save: {
    value: 'KIND[,KIND…]',
    help: 'overlay, heatmap, sheet (PNG), cam, saliency (.npy), record (JSON), or none. Default: overlay,record.',
  },
  out: { value: 'DIR', short: 'o', help: 'Where files go; made when missing. Default: ./hybridcam-out.' },
  colormap: {
    value: 'NAME',
    help: `${colormapNames.join(', ')}. diverging is for maps with negative values: methods without a ReLU, with --normalize none. Default: inferno; jet with the notebook preset.` as string,
  },
  opacity: {
    value: 'X',
    help: 'Of the colours over the picture, 0 to 1. Default: 0.8 where the map is 1, less in proportion; with the notebook preset 0.5 everywhere.',
  },
  limit: { value: 'N', help: 'Explain only the first N images.' },
  json: { help: 'One JSON object per image and explanation on stdout, nothing else there.' },
  quiet: { short: 'q', help: 'No progress and no summaries; errors still show.' },
} as const;
