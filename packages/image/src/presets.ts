import type { Preprocessing } from './preprocessing.ts';

const imageNetMean = [0.485, 0.456, 0.406] as const;
const imageNetStd = [0.229, 0.224, 0.225] as const;
const zeros = [0, 0, 0] as const;
const ones = [1, 1, 1] as const;
const halves = [0.5, 0.5, 0.5] as const;

const crop224 = { mode: 'center', size: [224, 224] } as const;
const shorterSide256 = { mode: 'shorter-side', size: 256, filter: 'bilinear' } as const;
// `keras.utils.load_img(path, target_size=(224, 224))`, the recipe of the Keras documentation, takes the nearest pixel.
const loadImg224 = { mode: 'squash', size: [224, 224], filter: 'nearest' } as const;

export type PresetName =
  | 'torchvision'
  | 'torchvision-v2'
  | 'squash'
  | 'minus-one-one'
  | 'zero-one'
  | 'keras-tf'
  | 'keras-caffe'
  | 'keras-torch';

/** The preprocessing that common networks were trained with, by name. */
export const presets: Readonly<Record<PresetName, Preprocessing>> = {
  /** torchvision `IMAGENET1K_V1`: Resize 256, CenterCrop 224, ImageNet mean and std. The default. */
  torchvision: {
    resize: shorterSide256,
    crop: crop224,
    channels: 'rgb',
    divisor: 255,
    mean: imageNetMean,
    std: imageNetStd,
  },
  /** torchvision `IMAGENET1K_V2` of most networks: as `torchvision`, Resize 232. */
  'torchvision-v2': {
    resize: { mode: 'shorter-side', size: 232, filter: 'bilinear' },
    crop: crop224,
    channels: 'rgb',
    divisor: 255,
    mean: imageNetMean,
    std: imageNetStd,
  },
  /** The whole image squashed to 224×224, ImageNet mean and std (the RISE notebooks). */
  squash: {
    resize: { mode: 'squash', size: [224, 224], filter: 'bilinear' },
    crop: { mode: 'none' },
    channels: 'rgb',
    divisor: 255,
    mean: imageNetMean,
    std: imageNetStd,
  },
  /** Resize 256, CenterCrop 224, `(x / 255 − 0.5) / 0.5`: inputs in [−1, 1]. */
  'minus-one-one': {
    resize: shorterSide256,
    crop: crop224,
    channels: 'rgb',
    divisor: 255,
    mean: halves,
    std: halves,
  },
  /** Resize 256, CenterCrop 224, `x / 255`: inputs in [0, 1] (TF Hub classifiers). */
  'zero-one': {
    resize: shorterSide256,
    crop: crop224,
    channels: 'rgb',
    divisor: 255,
    mean: zeros,
    std: ones,
  },
  /** Keras Applications, `mode='tf'` (MobileNet, Inception, Xception): `load_img` 224×224, `x / 127.5 − 1`. */
  'keras-tf': {
    resize: loadImg224,
    crop: { mode: 'none' },
    channels: 'rgb',
    divisor: 127.5,
    mean: ones,
    std: ones,
  },
  /** Keras Applications, `mode='caffe'` (VGG, ResNet): `load_img` 224×224, BGR, ImageNet mean subtracted, 0…255 scale. */
  'keras-caffe': {
    resize: loadImg224,
    crop: { mode: 'none' },
    channels: 'bgr',
    divisor: 1,
    mean: [103.939, 116.779, 123.68],
    std: ones,
  },
  /** Keras Applications, `mode='torch'` (DenseNet): `load_img` 224×224, ImageNet mean and std. */
  'keras-torch': {
    resize: loadImg224,
    crop: { mode: 'none' },
    channels: 'rgb',
    divisor: 255,
    mean: imageNetMean,
    std: imageNetStd,
  },
};

/** What is used when nobody says otherwise. */
export const defaultPreset: PresetName = 'torchvision';
