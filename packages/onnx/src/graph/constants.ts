import type { DataType } from '../proto/data-type.ts';
import type { OnnxTensor } from '../proto/onnx-model.ts';
import { type ExternalFiles, tensorFloats, tensorNumbers } from '../proto/tensor-values.ts';
import type { GraphIndex } from './graph-index.ts';

/** A tensor whose value is in the file. */
export interface Constant {
  readonly dims: readonly number[];
  readonly dataType: DataType;
  /** Where it is stored, if as a tensor; a Constant node may hold bare numbers instead. */
  readonly tensor: OnnxTensor | undefined;
  /** Values as float32; may be a view of the file. */
  floats(): Float32Array;
  /** Values of a small tensor as numbers. */
  numbers(): number[];
}

/**
 * The constant behind a name: an initializer or a Constant node, also through Identity (exporters share weights that way).
 * undefined when it is computed from the input or from other constants.
 */
export function constantOf(graph: GraphIndex, name: string, files?: ExternalFiles): Constant | undefined {
  let source = name;
  for (;;) {
    const initializer = graph.initializers.get(source);
    if (initializer) return fromTensor(initializer, files);
    const node = graph.producer.get(source);
    if (node?.opType === 'Identity' && node.domain === '') {
      source = node.inputs[0] ?? '';
      continue;
    }
    if (node?.opType !== 'Constant' || node.domain !== '') return undefined;
    for (const [key, attribute] of node.attributes) {
      if (key === 'value' && attribute.kind === 'tensor') return fromTensor(attribute.value, files);
      if (key === 'value_float' && attribute.kind === 'float') return bare('float32', [], [attribute.value]);
      if (key === 'value_int' && attribute.kind === 'int') return bare('int64', [], [attribute.value]);
      if (key === 'value_floats' && attribute.kind === 'floats') {
        return bare('float32', [attribute.value.length], attribute.value);
      }
      if (key === 'value_ints' && attribute.kind === 'ints') {
        return bare('int64', [attribute.value.length], attribute.value);
      }
    }
    return undefined;
  }
}

function fromTensor(tensor: OnnxTensor, files: ExternalFiles | undefined): Constant {
  return {
    dims: tensor.dims,
    dataType: tensor.dataType,
    tensor,
    floats: () => tensorFloats(tensor, files),
    numbers: () => tensorNumbers(tensor, files),
  };
}

function bare(dataType: DataType, dims: readonly number[], values: readonly number[]): Constant {
  return {
    dims,
    dataType,
    tensor: undefined,
    floats: () => Float32Array.from(values),
    numbers: () => [...values],
  };
}
