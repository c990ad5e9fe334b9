import { computedParameter } from '@hybridcam/test-utils';
import { type InitializerDescription, type NodeDescription, writeModel } from '../../src/index.ts';

/** ONNX bytes of torchvision's ResNet-50 with computed weights, BatchNormalization left as it is. */
export function resnet50Model(): Uint8Array {
  const nodes: NodeDescription[] = [];
  const initializers: InitializerDescription[] = [];
  const parameter = (name: string, dims: readonly number[]): string => {
    initializers.push({ name, dims, dataType: 'float32', data: computedParameter(name, dims) });
    return name;
  };
  const node = (
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: NonNullable<NodeDescription['attributes']> = {},
  ): string => {
    nodes.push({ opType, inputs, outputs: [output], attributes });
    return output;
  };
  const convNorm = (
    x: string,
    conv: string,
    norm: string,
    shape: readonly number[],
    stride: number,
  ): string => {
    const size = shape[2]!;
    const pad = (size - 1) / 2;
    const channels = [shape[0]!];
    const y = node('Conv', [x, parameter(`${conv}.weight`, shape)], `${conv}.output`, {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    const statistics = ['weight', 'bias', 'running_mean', 'running_var'];
    const inputs = [y, ...statistics.map((kind) => parameter(`${norm}.${kind}`, channels))];
    return node('BatchNormalization', inputs, `${norm}.output`, { epsilon: { float: 1e-5 } });
  };
  const bottleneck = (x: string, name: string, inputs: number, width: number, stride: number): string => {
    const outputs = 4 * width;
    let y = convNorm(x, `${name}.conv1`, `${name}.bn1`, [width, inputs, 1, 1], 1);
    y = node('Relu', [y], `${name}.relu1`);
    y = convNorm(y, `${name}.conv2`, `${name}.bn2`, [width, width, 3, 3], stride);
    y = node('Relu', [y], `${name}.relu2`);
    y = convNorm(y, `${name}.conv3`, `${name}.bn3`, [outputs, width, 1, 1], 1);
    const shortcut =
      inputs === outputs && stride === 1
        ? x
        : convNorm(x, `${name}.downsample.0`, `${name}.downsample.1`, [outputs, inputs, 1, 1], stride);
    return node('Relu', [node('Add', [y, shortcut], `${name}.sum`)], name);
  };
  let x = node('Relu', [convNorm('input', 'conv1', 'bn1', [64, 3, 7, 7], 2)], 'relu');
  x = node('MaxPool', [x], 'maxpool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let channels = 64;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      x = bottleneck(x, `layer${stage + 1}.${block}`, channels, width, stride);
      channels = 4 * width;
    }
  });
  x = node('Flatten', [node('GlobalAveragePool', [x], 'pooled')], 'features');
  node('Gemm', [x, parameter('fc.weight', [1000, 2048]), parameter('fc.bias', [1000])], 'logits', {
    transB: 1,
  });
  return writeModel({
    opsets: { '': 13 },
    graph: {
      nodes,
      initializers,
      inputs: [{ name: 'input', dataType: 'float32', shape: ['N', 3, 224, 224] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['N', 1000] }],
    },
  });
}
