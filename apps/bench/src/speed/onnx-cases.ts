import {
  allClassMaps,
  argmax,
  crossLayers,
  explain,
  explainMany,
  hybrid,
  type Model,
  type NdArray,
  pack,
  view,
} from '@hybridcam/core';
import { createImageCache, curve } from '@hybridcam/metrics';
import { createClassMaps, createOnnxModel, type OrtRuntime } from '@hybridcam/onnx';
import { modelSubject } from '../evaluation/model-subject.ts';
import type { SpeedCase } from './interleave.ts';

/** Exactly our sessions' options: the denominator must not be slowed by a difference of settings. */
const SESSION_OPTIONS = {
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
} as const;

export interface SpeedSubject {
  /** Each begins with the plain forward pass. */
  readonly groups: readonly (readonly SpeedCase[])[];
  readonly model: Model;
  dispose(): Promise<void>;
}

/**
 * What is timed on ONNX Runtime. The first case is the plain forward pass of the user's untouched file in the same runtime with the same
 * session options: the denominator of every ratio.
 */
export async function onnxCases(
  bytes: Uint8Array,
  name: string,
  ort: OrtRuntime,
  layers: readonly string[],
): Promise<SpeedSubject> {
  const plain = await ort.InferenceSession.create(bytes, SESSION_OPTIONS);
  const model = await createOnnxModel(bytes, { ort, name });
  const { height = 224, width = 224, channels } = model.input;
  const shape = [1, channels, height, width];
  const input: NdArray<Float32Array> = view(noise(channels * height * width), shape);
  const feeds = { [plain.inputNames[0]!]: new ort.Tensor('float32', pack(input), shape) };
  const targetLayers = [model.defaultLayer, ...layers.map((layer) => model.resolveLayer(layer).name)];
  const forward: SpeedCase = { name: 'forward of the untouched file', run: () => plain.run(feeds) };
  const groups: SpeedCase[][] = [];
  let cases: SpeedCase[] = [
    forward,
    { name: `explain, hybrid @ ${model.defaultLayer}`, run: async () => (await explain(model, input)).cam },
    {
      name: `five α of the hybrid @ ${model.defaultLayer}`,
      run: () =>
        explainMany(
          model,
          input,
          [0, 0.3, 0.5, 0.7, 1].map((alpha) => ({ method: hybrid({ alpha }) })),
        ),
    },
  ];
  const nextGroup = () => {
    cases = [forward];
    groups.push(cases);
  };
  groups.push(cases);
  const pass = await model.forward(input, { layers: [model.defaultLayer] });
  const head = pass.linearHead(model.defaultLayer);
  const activations = pass.activations(model.defaultLayer).pick(0, null, null, null);
  const classIndex = argmax(pack(pass.logits));
  if (head) {
    const maps = await createClassMaps(ort, head);
    nextGroup();
    cases.push(
      {
        name: `maps of all ${model.classCount} classes, in JavaScript`,
        run: async () => allClassMaps(activations, head),
      },
      { name: `maps of all ${model.classCount} classes, by the runtime`, run: () => maps.run(activations) },
    );
  }
  for (const layer of targetLayers.slice(1)) {
    nextGroup();
    cases.push({
      name: `explain, hybrid @ ${layer}`,
      run: () => explain(model, input, { targetLayer: layer }),
    });
    const held = await model.forward(input, { layers: [layer] });
    const cotangent = new Float32Array(model.classCount);
    cotangent[(classIndex + 1) % model.classCount] = 1;
    cases.push({
      name: `another class @ ${layer} (backward only)`,
      run: () => held.gradients([layer], view(cotangent, [1, model.classCount])),
    });
  }
  nextGroup();
  const subject = modelSubject(model, 'probability');
  for (const batch of model.input.batch === undefined ? [4, 8] : []) {
    const data = new ort.Tensor('float32', noise(batch * channels * height * width), [
      batch,
      channels,
      height,
      width,
    ]);
    cases.push({
      name: `forward, batch ${batch}, per image`,
      images: batch,
      run: () => plain.run({ [plain.inputNames[0]!]: data }),
    });
  }
  const { saliencyMap } = await explain(model, input);
  const image = view(pack(input), [channels, height, width]);
  cases.push({
    name: 'insertion and deletion, 29 points, per forward',
    // Both ends are shared: f(x), f(baseline) of each, and 27 points between on both curves.
    images: 3 + 2 * 27,
    run: async () => {
      const cache = createImageCache();
      await curve(subject, image, classIndex, saliencyMap, { mode: 'insertion', cache });
      await curve(subject, image, classIndex, saliencyMap, { mode: 'deletion', cache });
    },
  });
  if (layers.length > 0) {
    nextGroup();
    const [coarse, fine] = crossLayers(model);
    cases.push({
      name: `cross-layer hybrid @ ${coarse} × ${fine}`,
      run: () => explain(model, input, { method: 'cross-layer-hybrid' }),
    });
  }
  return {
    groups,
    model,
    async dispose() {
      pass.dispose();
      await model.dispose();
      await plain.release();
    },
  };
}

/** A fixed input that is no special case: convolutions of constants are faster on some machines. */
function noise(size: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
