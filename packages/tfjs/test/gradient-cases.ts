import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

type Layer = InstanceType<typeof layers.Layer>;

export interface GradientCase {
  readonly title: string;
  /** Of one image, without the batch. */
  readonly inputShape: readonly number[];
  create(): Layer;
}

/** Layers with a gradient rule of ours over sizes, windows, strides, paddings, dilations and multipliers. */
export function windowCases(): GradientCase[] {
  const cases: GradientCase[] = [];
  const add = (title: string, size: number, channels: number, create: () => Layer): void => {
    cases.push({
      title: `${title} on ${size}×${size + 1}×${channels}`,
      inputShape: [size, size + 1, channels],
      create,
    });
  };
  for (const size of [5, 6, 7, 8]) {
    for (const kernelSize of [1, 2, 3, 5]) {
      for (const strides of [1, 2, 3]) {
        for (const padding of ['same', 'valid'] as const) {
          const window = `k${kernelSize} s${strides} ${padding}`;
          add(`conv ${window}`, size, 3, () => layers.conv2d({ filters: 4, kernelSize, strides, padding }));
          if (size === 6 || size === 7) {
            for (const depthMultiplier of [1, 3]) {
              add(`depthwise ${window} m${depthMultiplier}`, size, 3, () =>
                layers.depthwiseConv2d({ kernelSize, strides, padding, depthMultiplier }),
              );
            }
            if (kernelSize > 1) {
              const pool = { poolSize: kernelSize, strides, padding };
              add(`average pool ${window}`, size, 3, () => layers.averagePooling2d(pool));
              add(`max pool ${window}`, size, 3, () => layers.maxPooling2d(pool));
            }
          }
        }
      }
    }
    for (const dilationRate of [2, 3]) {
      for (const padding of ['same', 'valid'] as const) {
        if (padding === 'valid' && size <= 2 * dilationRate) continue;
        add(`conv k3 dilated ${dilationRate} ${padding}`, size, 3, () =>
          layers.conv2d({ filters: 4, kernelSize: 3, dilationRate, padding }),
        );
      }
    }
  }
  const uneven = { filters: 4, kernelSize: [3, 2] as [number, number], strides: [2, 1] as [number, number] };
  for (const padding of ['same', 'valid'] as const) {
    add(`conv 3×2 s2×1 ${padding}`, 7, 3, () => layers.conv2d({ ...uneven, padding }));
    for (const strides of [1, 2]) {
      for (const depthMultiplier of [1, 2]) {
        add(`separable k3 s${strides} ${padding} m${depthMultiplier}`, 6, 3, () =>
          layers.separableConv2d({ filters: 4, kernelSize: 3, strides, padding, depthMultiplier }),
        );
      }
    }
    add(`separable k3 dilated 2 ${padding}`, 7, 3, () =>
      layers.separableConv2d({ filters: 4, kernelSize: 3, dilationRate: 2, padding }),
    );
  }
  return cases;
}

/** Every other layer that networks for images are made of; with and without a rule of ours. */
export function layerCases(): GradientCase[] {
  const map = [6, 7, 4];
  const of = (title: string, create: () => unknown, inputShape: readonly number[] = map): GradientCase => ({
    title,
    inputShape,
    create: create as () => Layer,
  });
  const fused = [
    'relu',
    'relu6',
    'sigmoid',
    'tanh',
    'elu',
    'selu',
    'softplus',
    'swish',
    'mish',
    'gelu',
    'gelu_new',
    'hardSigmoid',
    'softsign',
    'softmax',
  ] as const;
  return [
    ...fused.map((activation) =>
      of(`conv with ${activation}`, () =>
        layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: activation as 'relu' }),
      ),
    ),
    ...fused.map((activation) =>
      of(
        `dense with ${activation}`,
        () => layers.dense({ units: 5, activation: activation as 'relu' }),
        [12],
      ),
    ),
    ...fused.map((activation) =>
      of(`activation ${activation}`, () => layers.activation({ activation: activation as 'relu' })),
    ),
    of('conv without bias', () =>
      layers.conv2d({ filters: 4, kernelSize: 3, useBias: false, activation: 'relu' }),
    ),
    of('depthwise with relu', () =>
      layers.depthwiseConv2d({ kernelSize: 3, activation: 'relu', padding: 'same' }),
    ),
    of('depthwise with elu', () =>
      layers.depthwiseConv2d({ kernelSize: 3, activation: 'elu', padding: 'same' }),
    ),
    of('separable with relu6', () =>
      layers.separableConv2d({ filters: 4, kernelSize: 3, activation: 'relu6' }),
    ),
    of('separable with elu', () => layers.separableConv2d({ filters: 4, kernelSize: 3, activation: 'elu' })),
    of('conv channels first', () =>
      layers.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' }),
    ),
    of('transposed conv s2 same', () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
    ),
    of('transposed conv s1 valid', () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 1, padding: 'valid' }),
    ),
    of('batch norm', () => layers.batchNormalization({})),
    of('batch norm without scale', () => layers.batchNormalization({ scale: false })),
    of('batch norm without center', () => layers.batchNormalization({ center: false })),
    of('batch norm without both', () => layers.batchNormalization({ scale: false, center: false })),
    of('batch norm over axis 1', () => layers.batchNormalization({ axis: 1 })),
    of('batch norm of a vector', () => layers.batchNormalization({}), [12]),
    of('layer norm', () => layers.layerNormalization({})),
    of('relu', () => layers.reLU()),
    of('relu up to 0.5', () => layers.reLU({ maxValue: 0.5 })),
    of('leaky relu', () => layers.leakyReLU({ alpha: 0.2 })),
    of('prelu', () => layers.prelu({})),
    of('elu', () => layers.elu()),
    of('thresholded relu', () => layers.thresholdedReLU({ theta: 0.2 })),
    of('softmax', () => layers.softmax({ axis: -1 })),
    of('global average pool', () => layers.globalAveragePooling2d({})),
    of('global max pool', () => layers.globalMaxPooling2d({})),
    of('average pool over everything', () => layers.averagePooling2d({ poolSize: [6, 7] })),
    of('zero padding 1', () => layers.zeroPadding2d({ padding: 1 })),
    of('zero padding uneven', () =>
      layers.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 3],
        ],
      }),
    ),
    of('cropping', () =>
      layers.cropping2D({
        cropping: [
          [1, 0],
          [1, 2],
        ],
      }),
    ),
    of('up-sampling nearest', () => layers.upSampling2d({ size: [2, 2] })),
    of('up-sampling bilinear', () => layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })),
    of('flatten', () => layers.flatten()),
    of('flatten channels first', () => layers.flatten({ dataFormat: 'channelsFirst' })),
    of('reshape', () => layers.reshape({ targetShape: [21, 8] })),
    of('permute', () => layers.permute({ dims: [3, 1, 2] })),
    of('dense on a map', () => layers.dense({ units: 3 })),
    of('dense without bias', () => layers.dense({ units: 3, useBias: false }), [12]),
    of('dropout', () => layers.dropout({ rate: 0.5 })),
    of('spatial dropout', () => layers.spatialDropout1d({ rate: 0.5 }), [6, 4]),
    of('gaussian noise', () => layers.gaussianNoise({ stddev: 1 })),
    of('gaussian dropout', () => layers.gaussianDropout({ rate: 0.5 })),
    of('alpha dropout', () => layers.alphaDropout({ rate: 0.5 })),
    of('repeat vector', () => layers.repeatVector({ n: 3 }), [12]),
    ...Object.entries(EXPRESSIONS).map(([title, compute]) => of(title, () => new Expression(title, compute))),
  ];
}

/** A layer of the user's own: whatever he writes in `call`. */
class Expression extends layers.Layer {
  private readonly compute: (x: tf.Tensor4D) => tf.Tensor;

  constructor(title: string, compute: (x: tf.Tensor4D) => tf.Tensor) {
    super({ name: title.replaceAll(/\W+/g, '_') });
    this.compute = compute;
  }

  static get className(): string {
    return 'Expression';
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor4D];
    return tf.tidy(() => this.compute(x));
  }

  override computeOutputShape(shape: (number | null)[]): (number | null)[] {
    const zeros: tf.Tensor4D = tf.zeros(
      shape.map((extent) => extent ?? 1) as [number, number, number, number],
    );
    const result = tf.tidy(() => this.compute(zeros));
    tf.dispose([zeros, result]);
    return [null, ...result.shape.slice(1)];
  }

  override getClassName(): string {
    return 'Expression';
  }
}

function weights(shape: number[], seed: number): tf.Tensor {
  return tf.randomNormal(shape, 0, 0.5, 'float32', seed);
}

const filter = (depth: number, seed: number): tf.Tensor4D => weights([3, 3, 4, depth], seed) as tf.Tensor4D;

/** Operations without a layer of their own, as custom layers use them; all go through the tape. */
const EXPRESSIONS: Readonly<Record<string, (x: tf.Tensor4D) => tf.Tensor>> = {
  'own: conv': (x) => tf.conv2d(x, filter(5, 1), 1, 'same'),
  'own: conv strided': (x) => tf.conv2d(x, filter(5, 1), 2, 'same'),
  'own: conv padded by number': (x) => tf.conv2d(x, filter(5, 1), 1, 1),
  'own: conv dilated': (x) => tf.conv2d(x, filter(5, 1), 1, 'same', 'NHWC', 2),
  'own: fused conv': (x) =>
    tf.fused.conv2d({
      x,
      filter: filter(5, 1),
      strides: 1,
      pad: 'same',
      bias: weights([5], 2) as tf.Tensor1D,
    }),
  'own: fused conv strided': (x) => tf.fused.conv2d({ x, filter: filter(5, 1), strides: 2, pad: 'same' }),
  'own: fused conv relu': (x) =>
    tf.fused.conv2d({ x, filter: filter(5, 1), strides: 1, pad: 'same', activation: 'relu' }),
  'own: depthwise': (x) => tf.depthwiseConv2d(x, filter(1, 1), 1, 'same'),
  'own: depthwise m2 strided': (x) => tf.depthwiseConv2d(x, filter(2, 1), 2, 'same'),
  'own: depthwise dilated': (x) => tf.depthwiseConv2d(x, filter(1, 1), 1, 'same', 'NHWC', 2),
  'own: fused depthwise relu': (x) =>
    tf.fused.depthwiseConv2d({ x, filter: filter(1, 1), strides: 1, pad: 'same', activation: 'relu' }),
  'own: average pool same': (x) => tf.avgPool(x, 3, 1, 'same'),
  'own: average pool same strided': (x) => tf.avgPool(x, 3, 2, 'same'),
  'own: max pool': (x) => tf.maxPool(x, 2, 2, 'valid'),
  'own: max pool same': (x) => tf.maxPool(x, 3, 2, 'same'),
  'own: mirror pad reflect': (x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [2, 1],
        [1, 2],
        [0, 0],
      ],
      'reflect',
    ),
  'own: mirror pad symmetric': (x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [2, 1],
        [1, 2],
        [0, 0],
      ],
      'symmetric',
    ),
  'own: batch norm': (x) =>
    tf.batchNorm(
      x,
      weights([4], 1) as tf.Tensor1D,
      tf.abs(weights([4], 2)) as tf.Tensor1D,
      weights([4], 3) as tf.Tensor1D,
      weights([4], 4) as tf.Tensor1D,
    ),
  'own: squeeze and excite': (x) => tf.mul(x, tf.sigmoid(tf.mean(x, [1, 2], true))),
  'own: hard swish': (x) => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)),
  'own: clip': (x) => tf.clipByValue(x, -0.5, 0.5),
  'own: channel shuffle by gather': (x) => tf.gather(x, tf.tensor1d([3, 1, 0, 2], 'int32'), 3),
  'own: channel shuffle by transpose': (x) =>
    tf.reshape(tf.transpose(tf.reshape(x, [-1, 6, 7, 2, 2]), [0, 1, 2, 4, 3]), [-1, 6, 7, 4]),
  'own: split and concat': (x) => tf.concat(tf.split(x, 2, 3).slice().reverse(), 3),
  'own: attention': (x) => {
    const tokens = tf.reshape(x, [-1, 42, 4]) as tf.Tensor3D;
    return tf.matMul(tf.softmax(tf.matMul(tokens, tokens, false, true)), tokens);
  },
  'own: layer norm': (x) => {
    const { mean, variance } = tf.moments(x, -1, true);
    return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
  },
  'own: resize bilinear': (x) => tf.image.resizeBilinear(x, [11, 13]),
  'own: resize bilinear half-pixel': (x) => tf.image.resizeBilinear(x, [4, 5], false, true),
  'own: resize nearest': (x) => tf.image.resizeNearestNeighbor(x, [12, 14]),
  'own: l2 normalise': (x) => tf.div(x, tf.norm(x, 'euclidean', 3, true)),
  'own: maximum': (x) => tf.maximum(x, tf.mul(x, 0.2)),
  'own: log sum exp': (x) => tf.logSumExp(x, 3, true),
  'own: local response': (x) => tf.localResponseNormalization(x, 2),
  'own: generalised mean': (x) => tf.pow(tf.mean(tf.pow(tf.add(tf.abs(x), 0.1), 3), [1, 2], true), 1 / 3),
  'own: identity': (x) => x,
  'own: space to batch and back': (x) =>
    tf.batchToSpaceND(
      tf.spaceToBatchND(
        x,
        [2, 1],
        [
          [0, 0],
          [0, 0],
        ],
      ),
      [2, 1],
      [
        [0, 0],
        [0, 0],
      ],
    ),
};
