import type { Network, Step } from './network.ts';

/** Per stage: expansion, output channels, blocks, stride of the first block (table 2 of the paper). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** torchvision's epsilon; Keras' MobileNets use 1e-3. */
const EPSILON = 1e-5;
const LAST_CHANNELS = 1280;

/**
 * torchvision's MobileNetV2 of width 1 for 224×224 inputs.
 *
 * The output of module `features[14]` is named `features.14`, as in PyTorch; `features.18` is the last spatial layer.
 * Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018.
 */
export function mobilenetV2(classCount = 1000): Network {
  const steps: Step[] = convolutionUnit('features.0', 'input', 3, 32, { kernel: 3, stride: 2 });
  let block = 1;
  let channels = 32;
  for (const [expansion, outChannels, count, firstStride] of STAGES) {
    for (let index = 0; index < count; index++) {
      const stride = index === 0 ? firstStride : 1;
      steps.push(...invertedResidual(block, channels, outChannels, expansion, stride));
      channels = outChannels;
      block++;
    }
  }
  steps.push(...convolutionUnit(`features.${block}`, `features.${block - 1}`, channels, LAST_CHANNELS));
  steps.push(
    { op: 'global-average-pool', name: 'avgpool', input: `features.${block}` },
    {
      op: 'linear',
      name: 'classifier.1',
      input: 'avgpool',
      inFeatures: LAST_CHANNELS,
      outFeatures: classCount,
    },
  );
  return {
    name: 'mobilenet_v2',
    input: { name: 'input', channels: 3, height: 224, width: 224 },
    output: 'classifier.1',
    classCount,
    steps,
  };
}

/** Expand (1×1), filter every channel alone (3×3), project (1×1, no ReLU), and add the input where the shape stayed. */
function invertedResidual(
  block: number,
  channels: number,
  outChannels: number,
  expansion: number,
  stride: number,
): Step[] {
  const name = `features.${block}`;
  const input = `features.${block - 1}`;
  const width = channels * expansion;
  const steps: Step[] = [];
  let part = 0;
  let last = input;
  if (expansion !== 1) {
    steps.push(...convolutionUnit(`${name}.conv.${part}`, last, channels, width));
    last = `${name}.conv.${part++}`;
  }
  steps.push(
    ...convolutionUnit(`${name}.conv.${part}`, last, width, width, { kernel: 3, stride, groups: width }),
  );
  last = `${name}.conv.${part++}`;
  const projection = `${name}.conv.${part++}`;
  const norm = `${name}.conv.${part}`;
  const residual = stride === 1 && channels === outChannels;
  steps.push(convolution(projection, last, width, outChannels), {
    op: 'batch-norm',
    // Without an addition this is the block's output, and bears its name.
    ...(residual ? { name: norm } : { name, parameters: norm }),
    input: projection,
    channels: outChannels,
    epsilon: EPSILON,
  });
  if (residual) steps.push({ op: 'add', name, input: norm, other: input });
  return steps;
}

interface ConvolutionOptions {
  readonly kernel?: number;
  readonly stride?: number;
  readonly groups?: number;
}

/** Convolution, batch norm and ReLU6: `NAME.0`, `NAME.1`, and `NAME` for the result. */
function convolutionUnit(
  name: string,
  input: string,
  inChannels: number,
  outChannels: number,
  options: ConvolutionOptions = {},
): Step[] {
  return [
    convolution(`${name}.0`, input, inChannels, outChannels, options),
    {
      op: 'batch-norm',
      name: `${name}.1`,
      input: `${name}.0`,
      channels: outChannels,
      epsilon: EPSILON,
    },
    { op: 'relu', name, input: `${name}.1`, max: 6 },
  ];
}

function convolution(
  name: string,
  input: string,
  inChannels: number,
  outChannels: number,
  { kernel = 1, stride = 1, groups = 1 }: ConvolutionOptions = {},
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
    groups,
    bias: false,
  };
}
