import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  cam,
  elementWiseGradCam,
  explain,
  finer,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  logit,
  pack,
  probability,
  rest,
  type Target,
  toProbabilities,
  view,
  xGradCam,
} from '../src/index.ts';
import { uniform } from '../src/kernels/random.ts';
import { goldenNetwork } from './golden-network.ts';
import { goldenVectors } from './golden-vectors.ts';

const [channels, height, width] = [6, 3, 4];
const cells = height * width;
const tolerance = { relativeToMax: 2e-6 };

/** A layer with activations ≥ 0 and the weights of one class behind global average pooling: the gradient is W/cells in every cell. */
function pooledLayer(seed: number) {
  const a = Float32Array.from({ length: channels * cells }, (_, i) =>
    Math.max(2 * uniform(seed, i) - 0.5, 0),
  );
  const w = Array.from({ length: channels }, (_, k) => 2 * uniform(seed, 1000 + k) - 0.8);
  return {
    w,
    activations: view(a, [channels, height, width]),
    channelWeights: view(Float32Array.from(w), [channels]),
    gradients: view(
      Float32Array.from(w, (weight) => weight / cells),
      [channels],
    ),
    mean: (k: number) =>
      a.subarray(k * cells, (k + 1) * cells).reduce((sum, value) => sum + value, 0) / cells,
    /** relu( Σ_k weight_k · A_k ) */
    map: (weight: (k: number) => number) =>
      view(
        Float32Array.from({ length: cells }, (_, i) =>
          Math.max(
            Array.from({ length: channels }, (_, k) => weight(k) * a[k * cells + i]!).reduce((x, y) => x + y),
            0,
          ),
        ),
        [height, width],
      ),
  };
}

describe('behind global average pooling + linear', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { w, activations, channelWeights, gradients, mean, map } = pooledLayer(seed);

    it(`Grad-CAM, HiResCAM and XGrad-CAM are ReLU(CAM) over the count of cells (${seed})`, () => {
      const clipped = pack(cam(activations, channelWeights, { relu: true })).map((value) => value / cells);
      const expected = view(clipped, [height, width]);
      expectClose(gradCam(activations, gradients), expected, tolerance);
      expectClose(hiResCam(activations, gradients), expected, tolerance);
      expectClose(xGradCam(activations, gradients), expected, tolerance);
    });

    it(`LayerCAM, element-wise Grad-CAM and the authors’ and tf-keras-vis’ Grad-CAM++ are P (${seed})`, () => {
      const expected = map((k) => Math.max(w[k]!, 0) / cells);
      expectClose(layerCam(activations, gradients), expected, tolerance);
      expectClose(elementWiseGradCam(activations, gradients), expected, tolerance);
      for (const variant of ['author', 'tf-keras-vis'] as const) {
        expectClose(gradCamPlusPlus(activations, gradients, { variant }), expected, tolerance);
      }
    });

    it(`Grad-CAM++ of equation 19 weights by ReLU(W) / (2 + W · mean A), TorchCAM’s by ReLU(W)³ (${seed})`, () => {
      const paper = map((k) => Math.max(w[k]!, 0) / (2 + w[k]! * mean(k)));
      expectClose(gradCamPlusPlus(activations, gradients), paper, tolerance);
      const torchcam = map((k) => Math.max(w[k]!, 0) ** 3 / cells ** 2);
      expectClose(gradCamPlusPlus(activations, gradients, { variant: 'torchcam' }), torchcam, tolerance);
    });
  }
});

describe('targets behind global average pooling + linear', () => {
  const { tensor } = goldenVectors();
  const network = goldenNetwork(tensor);
  const input = view(pack(tensor('network/input')), [1, 2, 8, 10]);
  const weights = tensor('network/head.weight');
  const layer = tensor('network/activations');
  const logits = pack(tensor('network/logits'));
  const p = toProbabilities(logits);
  const [rows, columns] = layer.shape.slice(1) as [number, number];

  /** relu( Σ_k Σ_c coefficient_c · W_ck · A_k ) / cells. */
  const expectedOf = (coefficients: readonly number[]) =>
    Array.from({ length: rows }, (_, y) =>
      Array.from({ length: columns }, (_, x) => {
        let sum = 0;
        for (let k = 0; k < layer.shape[0]!; k++) {
          for (const [c, coefficient] of coefficients.entries()) {
            sum += (coefficient * weights.get(c, k) * layer.get(k, y, x)) / (rows * columns);
          }
        }
        return Math.max(sum, 0);
      }),
    );

  for (const own of [0, 1, 2]) {
    const others = [0, 1, 2].filter((c) => c !== own);
    const cases: [name: string, target: Target, coefficients: number[]][] = [
      ['logit: W_c', logit(own), [0, 1, 2].map((c) => Number(c === own))],
      [
        'finer: W_c − γ · mean W_r',
        finer(own, { references: 2 }),
        [0, 1, 2].map((c) => (c === own ? 1 : -0.6 / others.length)),
      ],
      [
        'probability: p_c (W_c − Σ p_j W_j)',
        probability(own),
        [0, 1, 2].map((c) => p[own]! * (Number(c === own) - p[c]!)),
      ],
      ['rest: 2 W_c − Σ p_j W_j', rest(own), [0, 1, 2].map((c) => 2 * Number(c === own) - p[c]!)],
    ];
    it.each(cases)(`Grad-CAM of class ${own} with the target %s`, async (_, target, coefficients) => {
      const { cam: map } = await explain(network, input, { method: 'grad-cam', target, normalize: 'none' });
      expectClose(map, expectedOf(coefficients), { absolute: 1e-9, relativeToMax: 1e-5 });
    });
  }

  it('some of these maps are not empty for each target', async () => {
    for (const target of [logit, finer, probability, rest]) {
      const found = await Promise.all(
        [0, 1, 2].map((c) => explain(network, input, { method: 'grad-cam', target: target(c) })),
      );
      expect(found.some(({ status }) => status === 'ok')).toBe(true);
    }
  });
});
