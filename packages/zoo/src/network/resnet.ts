import { OptionError } from '@hybridcam/core';
import type { Network, Step } from './network.ts';

export type ResNetDepth = 18 | 34 | 50 | 101 | 152;

const BLOCKS: Readonly<Record<ResNetDepth, readonly [number, number, number, number]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
};

/** torchvision's epsilon; Keras' ResNets use others. */
const EPSILON = 1e-5;

/**
 * torchvision's ResNet (v1.5: the stride sits in the 3×3 convolution) for 224×224 inputs.
 *
 * The output of block 2 of stage 4 is named `layer4.2`, as in PyTorch.
 * He et al., Deep Residual Learning for Image Recognition, CVPR 2016.
 * @throws OptionError for a depth that is not 18, 34, 50, 101 or 152
 */
export function resnet(depth: ResNetDepth, classCount = 1000): Network {
  const blocks = BLOCKS[depth];
  if (!blocks) throw new OptionError(`resnet: expected depth 18, 34, 50, 101 or 152; received ${depth}.`);
  const steps: Step[] = [
    convolution('conv1', 'input', 3, 64, 7, 2),
    batchNorm('bn1', 'conv1', 64),
    { op: 'relu', name: 'relu', input: 'bn1' },
    { op: 'max-pool', name: 'maxpool', input: 'relu', kernel: 3, stride: 2, padding: 1 },
  ];
  const bottleneck = depth >= 50;
  let input = 'maxpool';
  let channels = 64;
  blocks.forEach((count, stage) => {
    const width = 64 * 2 ** stage;
    const outChannels = bottleneck ? 4 * width : width;
    for (let index = 0; index < count; index++) {
      const name = `layer${stage + 1}.${index}`;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      steps.push(
        ...(bottleneck ? bottleneckBlock : basicBlock)({ name, input, channels, width, outChannels, stride }),
      );
      input = name;
      channels = outChannels;
    }
  });
  steps.push(
    { op: 'global-average-pool', name: 'avgpool', input },
    { op: 'linear', name: 'fc', input: 'avgpool', inFeatures: channels, outFeatures: classCount },
  );
  return {
    name: `resnet${depth}`,
    input: { name: 'input', channels: 3, height: 224, width: 224 },
    output: 'fc',
    classCount,
    steps,
  };
}

interface Block {
  readonly name: string;
  readonly input: string;
  readonly channels: number;
  readonly width: number;
  readonly outChannels: number;
  readonly stride: number;
}

function bottleneckBlock(block: Block): Step[] {
  const { name, input, channels, width, outChannels, stride } = block;
  return [
    convolution(`${name}.conv1`, input, channels, width, 1, 1),
    batchNorm(`${name}.bn1`, `${name}.conv1`, width),
    { op: 'relu', name: `${name}.relu`, input: `${name}.bn1` },
    convolution(`${name}.conv2`, `${name}.relu`, width, width, 3, stride),
    batchNorm(`${name}.bn2`, `${name}.conv2`, width),
    { op: 'relu', name: `${name}.relu_1`, input: `${name}.bn2` },
    convolution(`${name}.conv3`, `${name}.relu_1`, width, outChannels, 1, 1),
    batchNorm(`${name}.bn3`, `${name}.conv3`, outChannels),
    ...shortcut(block, `${name}.bn3`),
  ];
}

function basicBlock(block: Block): Step[] {
  const { name, input, channels, width, stride } = block;
  return [
    convolution(`${name}.conv1`, input, channels, width, 3, stride),
    batchNorm(`${name}.bn1`, `${name}.conv1`, width),
    { op: 'relu', name: `${name}.relu`, input: `${name}.bn1` },
    convolution(`${name}.conv2`, `${name}.relu`, width, width, 3, 1),
    batchNorm(`${name}.bn2`, `${name}.conv2`, width),
    ...shortcut(block, `${name}.bn2`),
  ];
}

/** Adds the skip (projected where the shape changes) and rectifies; the result carries the block's own name. */
function shortcut({ name, input, channels, outChannels, stride }: Block, branch: string): Step[] {
  const projected = stride !== 1 || channels !== outChannels;
  const skip = projected ? `${name}.downsample.1` : input;
  return [
    ...(projected
      ? [
          convolution(`${name}.downsample.0`, input, channels, outChannels, 1, stride),
          batchNorm(skip, `${name}.downsample.0`, outChannels),
        ]
      : []),
    { op: 'add', name: `${name}.add`, input: branch, other: skip },
    { op: 'relu', name, input: `${name}.add` },
  ];
}

function convolution(
  name: string,
  input: string,
  inChannels: number,
  outChannels: number,
  kernel: number,
  stride: number,
): Step {
  const padding = (kernel - 1) / 2;
  return {
    op: 'convolution',
    name,
    input,
    inChannels,
    outChannels,
    kernel,
    stride,
    padding,
    groups: 1,
    bias: false,
  };
}

function batchNorm(name: string, input: string, channels: number): Step {
  return { op: 'batch-norm', name, input, channels, epsilon: EPSILON };
}
