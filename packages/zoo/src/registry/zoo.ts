import { didYouMean, OptionError } from '@hybridcam/core';
import { mobilenetV2 } from '../network/mobilenet-v2.ts';
import { type ResNetDepth, resnet } from '../network/resnet.ts';
import { imagenetClasses } from './imagenet-classes.ts';
import type { ZooEntry } from './zoo-entry.ts';

export type ZooName = keyof typeof zoo;

/**
 * Classifiers by name. Each is torchvision's network with the weights that torchvision calls IMAGENET1K_V1; the file is the one that
 * its authors publish, never a conversion by a third party.
 *
 * Of `resnet50` size and full hash are recorded. Of the others only the hash's first eight digits are, which the file's name states.
 */
export const zoo: {
  readonly [name in
    | 'resnet18'
    | 'resnet34'
    | 'resnet50'
    | 'resnet101'
    | 'resnet152'
    | 'mobilenet_v2']: ZooEntry;
} = {
  resnet18: resnetEntry(18, 'f37072fd'),
  resnet34: resnetEntry(34, 'b627a593'),
  resnet50: resnetEntry(50, '0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a', 102_530_333),
  resnet101: resnetEntry(101, '63fe2227'),
  resnet152: resnetEntry(152, '394f9c45'),
  mobilenet_v2: {
    ...entry('mobilenet_v2', 'MobileNetV2', 'b0353104'),
    network: () => mobilenetV2(),
    paper: 'Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018',
  },
};

/**
 * The entry of a name.
 * @throws OptionError for a name that is not in the zoo, with the nearest ones
 */
export function zooEntry(name: string): ZooEntry {
  if (Object.hasOwn(zoo, name)) return zoo[name as ZooName];
  const names = Object.keys(zoo);
  throw new OptionError(
    `zoo: expected one of ${names.join(', ')}; received "${name}".${didYouMean(name, names)}`,
  );
}

function resnetEntry(depth: ResNetDepth, sha256: string, bytes?: number): ZooEntry {
  return {
    ...entry(`resnet${depth}`, `ResNet-${depth}`, sha256, bytes),
    network: () => resnet(depth),
    paper: 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016',
  };
}

function entry(
  name: string,
  title: string,
  sha256: string,
  bytes?: number,
): Omit<ZooEntry, 'network' | 'paper'> {
  const fileName = `${name}-${sha256.slice(0, 8)}.pth`;
  return {
    name,
    title: `${title} (torchvision, IMAGENET1K_V1)`,
    checkpoint: {
      fileName,
      url: `https://download.pytorch.org/models/${fileName}`,
      bytes,
      sha256,
      license: 'BSD-3-Clause',
      terms:
        'Trained on ImageNet (ILSVRC 2012), whose pictures are for non-commercial research and education; whether that binds the weights is not settled.',
    },
    classes: imagenetClasses,
    preprocessing: 'torchvision',
  };
}
