import { type InitializerDescription, type NodeDescription, writeModel } from '../src/index.ts';
import { floatsToHalves } from '../src/proto/half.ts';
import { randomFloats, weight } from './toy-model.ts';

/** As tf2onnx writes it: channels last outside, names that begin with the model's, preprocessing inside. */
export function tensorflowStyle(height: number | string, width: number | string): Uint8Array {
  return writeModel({
    opsets: { '': 13 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', height, width, 3] }],
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', 5] }],
      nodes: [
        { opType: 'Mul', name: 'model/rescale/mul', inputs: ['image', 'scale'], outputs: ['rescaled'] },
        {
          opType: 'Transpose',
          name: 'model/conv1/Conv2D__6',
          inputs: ['rescaled'],
          outputs: ['turned'],
          attributes: { perm: [0, 3, 1, 2] },
        },
        {
          opType: 'Conv',
          name: 'model/conv1/Conv2D',
          inputs: ['turned', 'w1'],
          outputs: ['conv1'],
          attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
        },
        { opType: 'Relu', name: 'model/conv1/Relu', inputs: ['conv1'], outputs: ['act1'] },
        {
          opType: 'Conv',
          name: 'model/conv2/Conv2D',
          inputs: ['act1', 'w2'],
          outputs: ['conv2'],
          attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
        },
        { opType: 'Relu', name: 'model/conv2/Relu', inputs: ['conv2'], outputs: ['act2'] },
        { opType: 'GlobalAveragePool', name: 'model/gap/Mean', inputs: ['act2'], outputs: ['mean'] },
        { opType: 'Flatten', name: 'model/gap/Mean_Squeeze', inputs: ['mean'], outputs: ['vector'] },
        { opType: 'MatMul', name: 'model/scores/MatMul', inputs: ['vector', 'w3'], outputs: ['product'] },
        { opType: 'Softmax', name: 'model/scores/Softmax', inputs: ['product'], outputs: ['scores'] },
      ],
      initializers: [
        { name: 'scale', dims: [1], dataType: 'float32', data: [1 / 127.5] },
        weight('w1', [4, 3, 3, 3], 1),
        weight('w2', [6, 4, 3, 3], 2),
        weight('w3', [6, 5], 3),
      ],
    },
  });
}

/** Half precision throughout: picture, weights and scores. */
export function halfModel(): Uint8Array {
  const half = (name: string, dims: readonly number[], seed: number): InitializerDescription => {
    const size = dims.reduce((product, extent) => product * extent, 1);
    const scale = Math.sqrt((3 * dims[0]!) / size);
    return { name, dims, dataType: 'float16', data: floatsToHalves(randomFloats(seed, size, scale)) };
  };
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'input', dataType: 'float16', shape: ['batch', 3, 8, 8] }],
      outputs: [{ name: 'logits', dataType: 'float16', shape: ['batch', 5] }],
      nodes: [
        ...block('stem', 'input', [1, 1]),
        ...block('deep', '/stem/Relu_output_0', [2, 2]),
        ...linearHead('/deep/Relu_output_0'),
      ],
      initializers: [
        half('stem.weight', [4, 3, 3, 3], 1),
        half('deep.weight', [6, 4, 3, 3], 2),
        half('fc', [6, 5], 3),
      ],
    },
  });
}

/**
 * An `If` between two blocks, as exporters write one for an assertion or a training switch. Its condition is a constant, or follows from the
 * size of the picture.
 */
export function branchModel(condition: 'constant' | 'from the size'): Uint8Array {
  const branch = (name: string, opType: string) => ({
    graph: {
      name,
      inputs: [],
      nodes: [{ opType, inputs: ['/stem/Relu_output_0'], outputs: [`${name}_y`] }],
      outputs: [{ name: `${name}_y`, dataType: 'float32' as const }],
    },
  });
  const measured: NodeDescription[] = [
    { opType: 'Shape', inputs: ['input'], outputs: ['shape'] },
    { opType: 'Gather', inputs: ['shape', 'three'], outputs: ['width'], attributes: { axis: 0 } },
    { opType: 'Greater', inputs: ['width', 'three'], outputs: ['condition'] },
  ];
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'input', dataType: 'float32', shape: ['batch', 3, 8, 8] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 5] }],
      nodes: [
        ...block('stem', 'input', [1, 1]),
        ...(condition === 'constant' ? [] : measured),
        {
          opType: 'If',
          inputs: ['condition'],
          outputs: ['chosen'],
          attributes: { then_branch: branch('then', 'Tanh'), else_branch: branch('else', 'Neg') },
        },
        ...block('deep', 'chosen', [2, 2]),
        ...linearHead('/deep/Relu_output_0'),
      ],
      initializers: [
        weight('stem.weight', [4, 3, 3, 3], 1),
        weight('deep.weight', [6, 4, 3, 3], 2),
        weight('fc', [6, 5], 3),
        condition === 'constant'
          ? { name: 'condition', dims: [], dataType: 'bool', data: [1] }
          : { name: 'three', dims: [], dataType: 'int64', data: [3] },
      ],
    },
  });
}

function block(name: string, input: string, strides: readonly number[]): NodeDescription[] {
  const conv = `/${name}/Conv_output_0`;
  return [
    {
      opType: 'Conv',
      name: `/${name}/Conv`,
      inputs: [input, `${name}.weight`],
      outputs: [conv],
      attributes: { strides, pads: [1, 1, 1, 1] },
    },
    { opType: 'Relu', name: `/${name}/Relu`, inputs: [conv], outputs: [`/${name}/Relu_output_0`] },
  ];
}

function linearHead(map: string): NodeDescription[] {
  return [
    { opType: 'GlobalAveragePool', inputs: [map], outputs: ['pooled'] },
    { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
    { opType: 'MatMul', inputs: ['flat', 'fc'], outputs: ['logits'] },
  ];
}
