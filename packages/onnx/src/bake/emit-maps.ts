import type { Normalization } from '@hybridcam/core';
import { add, divide, multiply, reduceMean, reduceSum, subtract, where } from '../autodiff/emit-math.ts';
import type { Emitter } from '../autodiff/emitter.ts';
import type { BakeMethod } from './bake-options.ts';

/** Tensors of one layer inside the graph, [batch, channels, height, width] float32. */
export interface LayerTensors {
  readonly activations: string;
  readonly gradients: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Map [batch, height, width] inside the graph. */
export interface MapTensor {
  readonly tensor: string;
  readonly height: number;
  readonly width: number;
}

type SingleLayerMethod = Exclude<BakeMethod, 'hybrid' | 'cross-layer-hybrid'>;

const CELLS = [2, 3];

/** The raw map of a single-layer method, by the formula that core's function of that name states. */
export function emitMap(emit: Emitter, method: SingleLayerMethod, layer: LayerTensors): MapTensor {
  const { height, width } = layer;
  return { tensor: MAPS[method](emit, layer), height, width };
}

const MAPS: Readonly<Record<SingleLayerMethod, (emit: Emitter, layer: LayerTensors) => string>> = {
  'grad-cam': (emit, layer) => weightedSum(emit, layer, reduceMean(emit, layer.gradients, CELLS)),
  'layer-cam': (emit, { activations, gradients }) =>
    sumOverChannels(emit, multiply(emit, relu(emit, gradients), activations)),
  'hires-cam': (emit, { activations, gradients }) =>
    sumOverChannels(emit, multiply(emit, gradients, activations)),
  'element-wise-grad-cam': (emit, { activations, gradients }) =>
    sumOverChannels(emit, relu(emit, multiply(emit, gradients, activations))),
  'grad-cam-plus-plus': (emit, layer) => {
    const { activations, gradients } = layer;
    // Only g > 0 contributes, and there a·g = g / (2 + g·ΣA); a zero there (signed activations) counts as 1.
    const denominator = add(emit, multiply(emit, gradients, reduceSum(emit, activations, CELLS)), 2);
    const safe = where(emit, emit.op('Equal', [denominator, 0]), 1, denominator);
    const weights = reduceSum(emit, divide(emit, relu(emit, gradients), safe), CELLS);
    return weightedSum(emit, layer, weights);
  },
  'xgrad-cam': (emit, layer) => {
    const { activations, gradients } = layer;
    const sums = reduceSum(emit, activations, CELLS);
    const empty = emit.op('Equal', [sums, 0]);
    const products = reduceSum(emit, multiply(emit, gradients, activations), CELLS);
    const ratio = divide(emit, products, where(emit, empty, 1, sums));
    return weightedSum(emit, layer, where(emit, empty, reduceMean(emit, gradients, CELLS), ratio));
  },
};

/** ReLU( Σ_k w_k · A_k ) for weights [batch, channels, 1, 1]. */
function weightedSum(emit: Emitter, layer: LayerTensors, weights: string): string {
  const { activations, channels, height, width } = layer;
  const rows = emit.op('Reshape', [weights, emit.integers([-1, 1, channels])]);
  const cells = emit.op('Reshape', [activations, emit.integers([-1, channels, height * width])]);
  const sum = emit.op('MatMul', [rows, cells]);
  return relu(emit, emit.op('Reshape', [sum, emit.integers([-1, height, width])]));
}

function sumOverChannels(emit: Emitter, products: string): string {
  return relu(emit, emit.op('ReduceSum', [products, emit.integers([1])], { keepdims: 0 }));
}

function relu(emit: Emitter, tensor: string): string {
  return emit.op('Relu', [tensor]);
}

/** Each map of a batch to [0, 1]; what has no scale becomes 0 everywhere, as core's `normalize` does it. */
export function emitNormalize(emit: Emitter, map: MapTensor, kind: Normalization): MapTensor {
  if (kind === 'none') return map;
  const largest = emit.op('ReduceMax', [map.tensor], { axes: [1, 2], keepdims: 1 });
  if (kind === 'max') {
    const positive = emit.op('Greater', [largest, 0]);
    return { ...map, tensor: divide(emit, map.tensor, where(emit, positive, largest, 1)) };
  }
  const smallest = emit.op('ReduceMin', [map.tensor], { axes: [1, 2], keepdims: 1 });
  const extent = subtract(emit, largest, smallest);
  const safe = where(emit, emit.op('Greater', [extent, 0]), extent, 1);
  return { ...map, tensor: divide(emit, subtract(emit, map.tensor, smallest), safe) };
}

/**
 * (L_GC / max)^α · (L_LC / max)^(1−α) of two maps of one size. `alpha` is a number or a tensor that broadcasts over maps; its
 * ends give exactly one of the two, whatever a runtime makes of 0^0.
 */
export function emitFuse(
  emit: Emitter,
  gradCamMap: MapTensor,
  layerCamMap: MapTensor,
  alpha: number | string,
): MapTensor {
  const first = emitNormalize(emit, gradCamMap, 'max').tensor;
  const second = emitNormalize(emit, layerCamMap, 'max').tensor;
  const { height, width } = gradCamMap;
  if (alpha === 1) return { tensor: first, height, width };
  if (alpha === 0) return { tensor: second, height, width };
  const rest = typeof alpha === 'number' ? 1 - alpha : subtract(emit, 1, alpha);
  const product = multiply(emit, emit.op('Pow', [first, alpha]), emit.op('Pow', [second, rest]));
  if (typeof alpha === 'number') return { tensor: product, height, width };
  const isEnd = (end: number): string => emit.op('Equal', [alpha, end]);
  const tensor = where(emit, isEnd(1), first, where(emit, isEnd(0), second, product));
  return { tensor, height, width };
}

/** Bilinear resize with half-pixel centres as two products with constant matrices: the same in every opset and runtime. */
export function emitUpsample(emit: Emitter, map: MapTensor, height: number, width: number): MapTensor {
  let { tensor } = map;
  if (map.height !== height) {
    tensor = emit.op('MatMul', [
      emit.floats(interpolation(map.height, height), [height, map.height]),
      tensor,
    ]);
  }
  if (map.width !== width) {
    const rows = interpolation(map.width, width);
    const columns = rows.map((_, i) => rows[(i % width) * map.width + Math.floor(i / width)]!);
    tensor = emit.op('MatMul', [tensor, emit.floats(columns, [map.width, width])]);
  }
  return { tensor, height, width };
}

/** [to, from]: row i holds the weights of the two source cells of destination cell i. */
function interpolation(from: number, to: number): Float64Array {
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(centre);
    const high = Math.min(low + 1, from - 1);
    matrix[i * from + low]! += 1 - (centre - low);
    matrix[i * from + high]! += centre - low;
  }
  return matrix;
}
