import {
  type ForwardPass,
  type LinearHead,
  type Model,
  type NdArray,
  pack,
  type SpatialLayer,
  view,
} from '../src/index.ts';

/**
 * The network of the golden vectors, from the weights stored there: convolution (3×3, stride 2, padding 1), ReLU, global average
 * pooling, linear; `signed` without the ReLU. Input [1, 2, 8, 10], layer `features` [4, 4, 5], 3 classes.
 */
export function goldenNetwork(
  tensor: (name: string) => NdArray<Float32Array>,
  { signed = false }: { readonly signed?: boolean } = {},
): Model {
  const [kernel, bias] = [
    pack(tensor('network/convolution.weight')),
    pack(tensor('network/convolution.bias')),
  ];
  const head: LinearHead = { weights: tensor('network/head.weight'), bias: tensor('network/head.bias') };
  const [channels, height, width, inChannels, inHeight, inWidth] = [4, 4, 5, 2, 8, 10];
  const cells = height * width;
  const features = (image: Float32Array): Float32Array => {
    const pixel = (c: number, y: number, x: number): number =>
      y < 0 || x < 0 || y >= inHeight || x >= inWidth ? 0 : image[(c * inHeight + y) * inWidth + x]!;
    return Float32Array.from({ length: channels * cells }, (_, i) => {
      const [k, y, x] = [Math.floor(i / cells), Math.floor((i % cells) / width), i % width];
      let sum = bias[k]!;
      for (let c = 0; c < inChannels; c++) {
        for (let tap = 0; tap < 9; tap++) {
          const [dy, dx] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
          sum += kernel[(k * inChannels + c) * 9 + tap]! * pixel(c, 2 * y + dy, 2 * x + dx);
        }
      }
      return signed ? sum : Math.max(sum, 0);
    });
  };
  const logitsOf = (activations: Float32Array): number[] =>
    Array.from({ length: 3 }, (_, c) => {
      let sum = head.bias.get(c);
      for (let k = 0; k < channels; k++) {
        const mean = activations.slice(k * cells, (k + 1) * cells).reduce((a, b) => a + b, 0) / cells;
        sum += head.weights.get(c, k) * mean;
      }
      return sum;
    });
  const layer: SpatialLayer = {
    name: 'features',
    aliases: ['last'],
    shape: [channels, height, width],
    stride: 2,
    parameterCount: kernel.length + bias.length,
    gradient: 'constant',
    blockedBy: undefined,
  };
  const rowsOf = (array: NdArray<Float32Array>): Float32Array[] =>
    Array.from({ length: array.shape[0]! }, (_, i) => pack(array.pick(i, null, null, null)));
  return {
    identity: { runtime: 'golden vectors', name: 'network', sha256: undefined },
    input: { name: 'input', channels: inChannels, height: inHeight, width: inWidth, batch: undefined },
    classCount: 3,
    labels: undefined,
    layers: [layer],
    defaultLayer: layer.name,
    resolveLayer: () => layer,
    async forward(input): Promise<ForwardPass> {
      const activations = rowsOf(input).map(features);
      const batch = activations.length;
      const flat = (rows: readonly ArrayLike<number>[]) =>
        Float32Array.from(rows.flatMap((row) => Array.from(row)));
      return {
        logits: view(flat(activations.map(logitsOf)), [batch, 3]),
        scoreKind: 'logit',
        activations: () => view(flat(activations), [batch, channels, height, width]),
        gradients: async (_, cotangent) => {
          const slope = (k: number) =>
            [0, 1, 2].reduce((sum, c) => sum + cotangent.get(0, c) * head.weights.get(c, k), 0) / cells;
          return new Map([['features', view(Float32Array.from([0, 1, 2, 3], slope), [1, channels])]]);
        },
        scoresFrom: async (_, replaced) => view(flat(rowsOf(replaced).map(logitsOf)), [batch, 3]),
        linearHead: () => head,
        dispose() {},
      };
    },
    async dispose() {},
  };
}
