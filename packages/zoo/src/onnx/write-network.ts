import { ModelFormatError } from '@hybridcam/core';
import { type InitializerDescription, type NodeDescription, readOnnx, writeModel } from '@hybridcam/onnx';
import { checkParameters } from '../network/check-parameters.ts';
import { elementCount } from '../network/element-count.ts';
import { foldBatchNorm } from '../network/fold-batch-norm.ts';
import type { Network, Parameters, Step } from '../network/network.ts';
import { parameterPrefix } from '../network/parameter-shapes.ts';

export interface WriteNetworkOptions {
  /** Merge batch norms into their convolutions. Default true: same numbers, faster; false keeps them as layers. */
  readonly foldBatchNorm?: boolean;
}

/**
 * ONNX bytes of a network with its parameters: opset 17, dynamic batch, output `logits` [batch, classes].
 *
 * Tensor and node names follow PyTorch's exporter (`/layer4/layer4.2/Relu_output_0`), so `layer4.2` names the same tensor as in
 * PyTorch.
 * @throws ModelFormatError when the parameters are not the network's
 */
export function writeNetwork(
  network: Network,
  parameters: Parameters,
  options: WriteNetworkOptions = {},
): Uint8Array {
  checkParameters(network, parameters);
  const { network: plain, parameters: values } =
    (options.foldBatchNorm ?? true) ? foldBatchNorm(network, parameters) : { network, parameters };
  const tensorOf = new Map<string, string>([[plain.input.name, plain.input.name]]);
  for (const step of plain.steps) {
    tensorOf.set(step.name, step.name === plain.output ? 'logits' : `${nodeName(step)}_output_0`);
  }
  const nodes: NodeDescription[] = [];
  const initializers: InitializerDescription[] = [];
  // Weights may be widened or folded anew each time they are read. The file is therefore laid out with zeros, all of one array, and
  // each tensor is read once, straight to where it lies: 102 MB of ResNet-50 need 204, halves 153.
  const zeros = new Float32Array(
    Math.max(0, ...[...values.values()].map(({ shape }) => elementCount(shape))),
  );
  const filled: string[] = [];
  const source = (key: string): InitializerDescription => {
    const { shape } = values.get(key)!;
    filled.push(key);
    return { name: key, dims: shape, dataType: 'float32', data: zeros.subarray(0, elementCount(shape)) };
  };
  for (const step of plain.steps)
    nodes.push(...nodesOf(step, (name) => tensorOf.get(name)!, source, initializers));
  const bytes = writeModel({
    opsets: { '': 17 },
    graph: {
      name: plain.name,
      inputs: [
        {
          name: plain.input.name,
          dataType: 'float32',
          shape: ['batch', plain.input.channels, plain.input.height, plain.input.width],
        },
      ],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', plain.classCount] }],
      nodes,
      initializers,
    },
  });
  const tensors = new Map(readOnnx(bytes).graph.initializers.map((tensor) => [tensor.name, tensor]));
  for (const key of filled) {
    const { shape, data } = values.get(key)!;
    if (data.length !== elementCount(shape)) {
      throw new ModelFormatError(
        `${network.name}: expected ${elementCount(shape)} elements in "${key}" [${shape}]; received ${data.length}. Give its data the length of its shape.`,
      );
    }
    tensors.get(key)!.rawData!.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return bytes;
}

const OP_TYPE: Readonly<Record<Step['op'], string>> = {
  convolution: 'Conv',
  'batch-norm': 'BatchNormalization',
  relu: 'Relu',
  'max-pool': 'MaxPool',
  add: 'Add',
  'global-average-pool': 'GlobalAveragePool',
  linear: 'Gemm',
};

/** `layer4.2.conv1` → `/layer4/layer4.2/conv1/Conv`: members of a Sequential repeat their parent's name. */
export function nodeName(step: Step): string {
  const scopes: string[] = [];
  for (const part of step.name.split('.')) {
    scopes.push(/^\d+$/.test(part) && scopes.length > 0 ? `${scopes.at(-1)}.${part}` : part);
  }
  const opType = step.op === 'relu' && step.max !== undefined ? 'Clip' : OP_TYPE[step.op];
  return `/${scopes.join('/')}/${opType}`;
}

function nodesOf(
  step: Step,
  tensor: (name: string) => string,
  source: (key: string) => InitializerDescription,
  initializers: InitializerDescription[],
): NodeDescription[] {
  const name = nodeName(step);
  const output = tensor(step.name);
  const parameter = (part: string) => {
    const key = `${parameterPrefix(step)}.${part}`;
    initializers.push(source(key));
    return key;
  };
  const node = (inputs: string[], attributes?: NodeDescription['attributes']): NodeDescription => ({
    opType: step.op === 'relu' && step.max !== undefined ? 'Clip' : OP_TYPE[step.op],
    name,
    inputs: [tensor(step.input), ...inputs],
    outputs: [output],
    ...(attributes ? { attributes } : {}),
  });
  switch (step.op) {
    case 'convolution':
      return [
        node([parameter('weight'), ...(step.bias ? [parameter('bias')] : [])], {
          kernel_shape: [step.kernel, step.kernel],
          strides: [step.stride, step.stride],
          pads: new Array(4).fill(step.padding),
          group: step.groups,
        }),
      ];
    case 'batch-norm':
      return [
        node(['weight', 'bias', 'running_mean', 'running_var'].map(parameter), {
          epsilon: { float: step.epsilon },
        }),
      ];
    case 'relu': {
      if (step.max === undefined) return [node([])];
      const bounds = [`${step.name}.min`, `${step.name}.max`];
      initializers.push(
        { name: bounds[0]!, dims: [], dataType: 'float32', data: [0] },
        { name: bounds[1]!, dims: [], dataType: 'float32', data: [step.max] },
      );
      return [node(bounds)];
    }
    case 'max-pool':
      return [
        node([], {
          kernel_shape: [step.kernel, step.kernel],
          strides: [step.stride, step.stride],
          pads: new Array(4).fill(step.padding),
        }),
      ];
    case 'add':
      return [node([tensor(step.other)])];
    case 'global-average-pool': {
      const pooled = `${name}_pooled`;
      return [
        { ...node([]), outputs: [pooled] },
        { opType: 'Flatten', name: '/Flatten', inputs: [pooled], outputs: [output] },
      ];
    }
    case 'linear':
      return [node([parameter('weight'), parameter('bias')], { transB: 1 })];
  }
}
