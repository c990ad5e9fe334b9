import { expectClose, pytorchGradCamNames, sharedFolder } from '@hybridcam/test-utils';
import { describe, it } from 'vitest';
import {
  eigenCam,
  eigenGradCam,
  explainMany,
  gradCam,
  hybrid,
  hybridCams,
  layerCam,
  type MethodName,
  type Model,
  type NdArray,
  normalize,
  presets,
  upsample,
  view,
} from '../src/index.ts';
import { principalMap } from '../src/kernels/principal-map.ts';
import { type Reference, tensorReferences } from './reference.ts';

const alphas = [0, 0.3, 0.5, 0.7, 1];

describe.skipIf(!sharedFolder())('against PyTorch (needs ../shared)', () => {
  const references = sharedFolder() ? tensorReferences() : [];

  for (const { photo, layers, tensor } of references) {
    for (const layer of layers) {
      const activations = tensor(`${layer}.activations`);
      const gradients = tensor(`${layer}.gradients`);

      it(`gradCam and layerCam equal the notebook’s raw maps: ${photo} ${layer}`, () => {
        const tolerance = { relativeToMax: 1e-6 };
        expectClose(gradCam(activations, gradients), tensor(`${layer}.seed.gradcam_raw`), tolerance);
        expectClose(layerCam(activations, gradients), tensor(`${layer}.seed.layercam_raw`), tolerance);
      });

      it(`hybridCams with the preset notebook equals its final maps: ${photo} ${layer}`, () => {
        const maps = hybridCams(activations, gradients, alphas, { preset: 'notebook' });
        for (const [i, alpha] of alphas.entries()) {
          expectClose(maps[i]!, tensor(`${layer}.seed.hybrid.${alpha.toFixed(1)}`), { absolute: 1e-6 });
        }
      });
    }
  }

  for (const reference of references) {
    const { photo, layers, tensor } = reference;
    const input = tensor('input');

    it(`explain with the preset notebook equals its maps: ${photo}`, async () => {
      const wanted = layers.flatMap((layer) => alphas.map((alpha) => ({ layer, alpha })));
      const found = await explainMany(
        storedModel(reference),
        view(input.data, input.shape),
        wanted.map(({ layer, alpha }) => ({
          targetLayer: layer,
          method: hybrid({ alpha }),
          preset: 'notebook',
        })),
      );
      for (const [i, { layer, alpha }] of wanted.entries()) {
        expectClose(found[i]!.cam, tensor(`${layer}.seed.hybrid.${alpha.toFixed(1)}`), { absolute: 1e-6 });
      }
    });

    it(`explain with the preset pytorch-grad-cam equals that library, layer by layer: ${photo}`, async () => {
      const wanted = layers.flatMap((layer) =>
        Object.entries(pytorchGradCamNames).map(([method, key]) => ({
          layer,
          key,
          method: method as MethodName,
        })),
      );
      const found = await explainMany(
        storedModel(reference),
        view(input.data, input.shape),
        wanted.map(({ layer, method }) => ({ targetLayer: layer, method, preset: 'pytorch-grad-cam' })),
      );
      for (const [i, { layer, key }] of wanted.entries()) {
        expectClose(found[i]!.saliencyMap, tensor(`${layer}.pgc.${key}`), { absolute: 5e-6 });
      }
    });

    it(`eigenCam and eigenGradCam equal pytorch-grad-cam up to the sign it leaves to chance: ${photo}`, () => {
      for (const layer of layers) {
        const { data: a, shape } = tensor(`${layer}.activations`);
        const { data: g } = tensor(`${layer}.gradients`);
        const [channels, height, width] = shape as [number, number, number];
        const finish = (component: Float64Array, sign: 1 | -1) => {
          const cam = view(
            Float32Array.from(component, (value) => Math.max(sign * value, 0)),
            [height, width],
          );
          const numbers = { epsilon: presets['pytorch-grad-cam'].epsilon };
          return normalize(upsample(normalize(cam, 'minmax', numbers), 224, 224), 'minmax', numbers);
        };
        for (const [key, values, ours] of [
          ['eigencam', new Float64Array(a), eigenCam(tensor(`${layer}.activations`))],
          [
            'eigengradcam',
            Float64Array.from(a, (value, i) => value * g[i]!),
            eigenGradCam(tensor(`${layer}.activations`), tensor(`${layer}.gradients`)),
          ],
        ] as const) {
          const component = principalMap(values, channels, height * width, new Float64Array(height * width));
          const expected = tensor(`${layer}.pgc.${key}`);
          const difference = (sign: 1 | -1) =>
            finish(component, sign).data.reduce(
              (sum, value, i) => sum + Math.abs(value - expected.data[i]!),
              0,
            );
          const theirSign = difference(1) < difference(-1) ? 1 : -1;
          expectClose(finish(component, theirSign), expected, { absolute: 5e-6 });
          const ourSign = ours.data.reduce((sum, value, i) => sum + value * component[i]!, 0) > 0 ? 1 : -1;
          const oursAgain = component.map((value) => Math.max(ourSign * value, 0));
          expectClose(ours.data, oursAgain, { relativeToMax: 1e-6 });
        }
      }
    });

    it(`explain with the preset pytorch-grad-cam equals that library’s mean over layers: ${photo}`, async () => {
      const found = await explainMany(
        storedModel(reference),
        view(input.data, input.shape),
        (['grad-cam', 'layer-cam'] as const).map((method) => ({
          targetLayer: layers,
          layerFusion: 'mean',
          method,
          preset: 'pytorch-grad-cam',
        })),
      );
      expectClose(found[0]!.saliencyMap, tensor('multi.pgc.gradcam'), { absolute: 5e-6 });
      expectClose(found[1]!.saliencyMap, tensor('multi.pgc.layercam'), { absolute: 5e-6 });
    });
  }
});

/** A model that answers with PyTorch's stored tensors of one photograph, for the class it explained there. */
function storedModel({ photo, layers, tensor }: Reference): Model {
  const stored = (name: string): NdArray<Float32Array> => {
    const { data, shape } = tensor(name);
    return view(data, [1, ...shape]);
  };
  const spatialLayers = layers.map((name) => ({
    name,
    aliases: [],
    shape: tensor(`${name}.activations`).shape as [number, number, number],
    stride: undefined,
    parameterCount: undefined,
    gradient: 'varying' as const,
    blockedBy: undefined,
  }));
  return {
    identity: { runtime: 'stored tensors', name: photo, sha256: undefined },
    input: { name: 'input', channels: 3, height: 224, width: 224, batch: 1 },
    classCount: 1000,
    labels: undefined,
    layers: spatialLayers,
    defaultLayer: layers.at(-1)!,
    resolveLayer: (name) => spatialLayers.find((layer) => layer.name === name)!,
    forward: async () => ({
      logits: stored('logits'),
      scoreKind: 'logit',
      activations: (layer) => stored(`${layer}.activations`),
      async gradients(names, cotangent) {
        const explained = tensor('class').data[0]!;
        if (cotangent.get(0, explained) !== 1)
          throw new Error('storedModel: only the stored class has gradients.');
        return new Map(names.map((name) => [name, stored(`${name}.gradients`)]));
      },
      scoresFrom: async () => {
        throw new Error('storedModel: there is no network behind the stored tensors.');
      },
      linearHead: () => undefined,
      dispose() {},
    }),
    async dispose() {},
  };
}
