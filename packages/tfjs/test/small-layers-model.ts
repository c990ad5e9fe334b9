import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/**
 * A small classifier with what real ones are made of: strided and depthwise convolutions, batch normalisation, a residual
 * sum, a branch, average pooling with padding, a squeeze-and-excite gate, global mean, dense softmax.
 */
export function smallLayersModel(seed = 1): tfl.LayersModel {
  const { layers } = tfl;
  const input = tfl.input({ shape: [16, 16, 3], name: 'image' });
  const apply = (layer: { apply(x: never): unknown }, x: unknown): tfl.SymbolicTensor =>
    layer.apply(x as never) as tfl.SymbolicTensor;
  let x = apply(
    layers.conv2d({ name: 'stem', filters: 6, kernelSize: 3, strides: 2, padding: 'same', useBias: false }),
    input,
  );
  x = apply(layers.batchNormalization({ name: 'stem_bn' }), x);
  x = apply(layers.reLU({ name: 'stem_relu', maxValue: 6 }), x);
  let y = apply(
    layers.depthwiseConv2d({ name: 'block_dw', kernelSize: 3, padding: 'same', depthMultiplier: 2 }),
    x,
  );
  y = apply(layers.activation({ name: 'block_act', activation: 'relu' }), y);
  y = apply(layers.conv2d({ name: 'block_project', filters: 6, kernelSize: 1 }), y);
  x = apply(layers.add({ name: 'block_add' }), [x, y]);
  const pooled = apply(
    layers.averagePooling2d({ name: 'pool', poolSize: 3, strides: 1, padding: 'same' }),
    x,
  );
  const separable = apply(
    layers.separableConv2d({
      name: 'separable',
      filters: 5,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
    }),
    x,
  );
  x = apply(layers.concatenate({ name: 'mixed' }), [pooled, separable]);
  x = apply(layers.maxPooling2d({ name: 'shrink', poolSize: 2 }), x);
  let gate = apply(layers.globalAveragePooling2d({ name: 'squeeze' }), x);
  gate = apply(layers.dense({ name: 'excite', units: 11, activation: 'sigmoid' }), gate);
  gate = apply(layers.reshape({ name: 'gate', targetShape: [1, 1, 11] }), gate);
  x = apply(layers.multiply({ name: 'scaled' }), [x, gate]);
  x = apply(
    layers.conv2d({ name: 'top', filters: 8, kernelSize: 3, padding: 'valid', activation: 'relu' }),
    x,
  );
  x = apply(layers.globalAveragePooling2d({ name: 'mean' }), x);
  x = apply(layers.dropout({ name: 'drop', rate: 0.5 }), x);
  x = apply(layers.dense({ name: 'scores', units: 4, activation: 'softmax' }), x);
  const model = tfl.model({ inputs: input, outputs: x, name: 'small' });
  fillWeights(model, seed);
  return model;
}

/** Weights that are the same on every platform and keep the signal's size; variances positive. */
export function fillWeights(model: tfl.LayersModel, seed: number): void {
  const values = model.weights.map((variable, i) => {
    const { shape } = variable;
    const fanIn =
      shape.length > 1 ? shape.slice(0, -1).reduce((product, extent) => product! * extent!, 1)! : 4;
    const name = variable.originalName.split('/').at(-1)!;
    const size = shape.reduce((product, extent) => product! * extent!, 1)!;
    const data = Float32Array.from({ length: size }, (_, j) => {
      const wave = Math.sin(1 + seed * 7.13 + i * 3.7 + j * 12.9898) * 43758.5453;
      const u = 2 * (wave - Math.floor(wave)) - 1;
      if (name === 'moving_variance' || name === 'gamma') return 1 + 0.3 * u;
      return shape.length > 1
        ? u * Math.sqrt((name === 'depthwise_kernel' ? 3 * shape[2]! : 3) / fanIn)
        : 0.3 * u;
    });
    return tf.tensor(data, shape as number[]);
  });
  model.setWeights(values);
  tf.dispose(values);
}
