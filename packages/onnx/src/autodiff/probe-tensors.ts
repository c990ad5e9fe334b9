import { UnsupportedError } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OrtRuntime, OrtTensor } from '../ort.ts';
import { halvesToFloats } from '../proto/half.ts';
import type { MeasuredValue } from './measurements.ts';

/** The probe's values do not depend on pixels, so the picture may be black. */
export function zeros(ort: OrtRuntime, graph: GraphIndex, shape: readonly number[]): OrtTensor {
  const { dataType = 'float32' } = graph.inputs[0]!;
  const size = shape.reduce((product, extent) => product * extent, 1);
  switch (dataType) {
    case 'float32':
      return new ort.Tensor('float32', new Float32Array(size), shape);
    case 'float16':
      return new ort.Tensor('float16', new Uint16Array(size), shape);
    case 'float64':
      return new ort.Tensor('float64', new Float64Array(size), shape);
    case 'uint8':
      return new ort.Tensor('uint8', new Uint8Array(size), shape);
    default:
      throw new UnsupportedError(
        `differentiate: expected an image input of floats or uint8; received ${dataType}.`,
      );
  }
}

export function measuredValue(tensor: string, { dims, type, data }: OrtTensor): MeasuredValue {
  if (type === 'float32') return { dims, dataType: type, data: Float32Array.from(data as Float32Array) };
  if (type === 'float16') {
    const halves =
      data instanceof Uint16Array ? halvesToFloats(data) : Float32Array.from(data as ArrayLike<number>);
    return { dims, dataType: 'float32', data: halves };
  }
  if (type === 'float64') return { dims, dataType: 'float32', data: Float32Array.from(data as Float64Array) };
  if (type === 'bool' || type === 'int32' || type === 'uint8' || type === 'int64') {
    return { dims, dataType: type, data: Array.from(data as BigInt64Array, Number) };
  }
  throw new UnsupportedError(
    `differentiate: expected "${tensor}" to hold numbers or booleans; received ${type}.`,
  );
}
