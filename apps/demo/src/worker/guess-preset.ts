import type { PresetName } from '@hybridcam/image';

/** By what the file is called, which is all there is to go by; the page says that it is a guess. */
export function guessPreset(fileName: string): PresetName {
  if (/keras|tf_|_tf\b|xception|nasnet/i.test(fileName)) return 'keras-tf';
  if (/mobilenet_?v[12]_?(imagenet|1\.0|140)|coral|inception_resnet/i.test(fileName)) return 'minus-one-one';
  return 'torchvision';
}
