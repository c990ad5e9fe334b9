import {
  allClassMaps,
  argmax,
  crossLayers,
  explain,
  explainMany,
  hybrid,
  type NdArray,
  OptionError,
  pack,
  view,
} from '@hybridcam/core';
import { createImageCache, curve } from '@hybridcam/metrics';
import { modelSubject } from '../evaluation/model-subject.ts';
import type { SpeedCase } from './interleave.ts';
import type { SpeedSubject } from './speed-subject.ts';

/** Groups of cases; the forward pass and one explanation are always timed. */
export const speedParts = [
  'class-maps',
  'layers',
  'batches',
  'curves',
  'cross-layer',
  'runtime-defaults',
] as const;
export type SpeedPart = (typeof speedParts)[number];

export interface SpeedCasesOptions {
  /** Beside the default one. */
  readonly layers: readonly string[];
  /** Default: 4 and 8 where the model takes any. */
  readonly batches: readonly number[] | undefined;
  readonly parts: readonly SpeedPart[];
}

/** What is timed of a subject, in groups that each begin with the plain forward pass of one image. */
export async function speedCases(
  subject: SpeedSubject,
  options: SpeedCasesOptions,
): Promise<{ groups: readonly (readonly SpeedCase[])[]; dispose(): void }> {
  const { model } = subject;
  const { height = 224, width = 224, channels, batch: fixed } = model.input;
  const image = (batch: number): NdArray<Float32Array> => noiseInput([batch, channels, height, width]);
  const batches = options.batches ?? (fixed === undefined ? [4, 8] : []);
  if (fixed !== undefined && batches.some((batch) => batch !== fixed)) {
    throw new OptionError(`--batch: expected ${fixed}, the only batch of this model; received ${batches}.`);
  }
  const input = image(1);
  const at = model.defaultLayer;
  const layers = options.layers.map((layer) => model.resolveLayer(layer).name);
  const forward: SpeedCase = {
    name: 'forward of the untouched model',
    batch: 1,
    run: subject.plainForward(input),
  };
  const groups: SpeedCase[][] = [];
  const group = (...cases: SpeedCase[]): void => {
    groups.push([forward, ...cases]);
  };
  const has = (part: SpeedPart): boolean => options.parts.includes(part);

  group(
    {
      // Where the adapter hands the runtime a better graph it takes less than the plain one, and hides what explaining adds.
      name: 'forward through hybridcam, scores alone',
      batch: 1,
      run: async () => (await model.forward(input)).dispose(),
    },
    {
      name: `explain, hybrid @ ${at}`,
      layer: at,
      batch: 1,
      run: async () => (await explain(model, input)).cam,
    },
    {
      name: `five α of the hybrid @ ${at}`,
      layer: at,
      batch: 1,
      run: () =>
        explainMany(
          model,
          input,
          [0, 0.3, 0.5, 0.7, 1].map((alpha) => ({ method: hybrid({ alpha }) })),
        ),
    },
  );
  const held = await model.forward(input, { layers: [at, ...layers] });
  const classIndex = argmax(pack(held.logits));
  const head = held.linearHead(at);
  if (has('class-maps') && head) {
    const activations = held.activations(at).pick(0, null, null, null);
    const name = `maps of all ${model.classCount} classes`;
    const byRuntime = await subject.classMaps?.(head);
    group(
      {
        name: `${name}, in JavaScript`,
        layer: at,
        batch: 1,
        run: async () => allClassMaps(activations, head),
      },
      ...(byRuntime
        ? [{ name: `${name}, by the runtime`, layer: at, batch: 1, run: () => byRuntime.run(activations) }]
        : []),
    );
  }
  if (has('layers')) {
    for (const layer of layers) {
      const cotangent = oneHot(1, model.classCount, (classIndex + 1) % model.classCount);
      group(
        {
          name: `explain, hybrid @ ${layer}`,
          layer,
          batch: 1,
          run: () => explain(model, input, { targetLayer: layer }),
        },
        {
          name: `another class @ ${layer} (backward only)`,
          layer,
          batch: 1,
          run: () => held.gradients([layer], cotangent),
        },
      );
    }
  }
  if (has('batches')) {
    for (const batch of batches) {
      const several = image(batch);
      group(
        {
          name: `forward, batch ${batch}, per image`,
          batch,
          images: batch,
          run: subject.plainForward(several),
        },
        ...[at, ...layers].map((layer) => ({
          name: `forward+gradient @ ${layer}, batch ${batch}, per image`,
          layer,
          batch,
          images: batch,
          async run() {
            const pass = await model.forward(several, { layers: [layer] });
            await pass.gradients([layer], oneHot(batch, model.classCount, classIndex));
            pass.dispose();
          },
        })),
      );
    }
  }
  if (has('curves')) {
    // A batch for each layer, a layer for each batch: neither changes what the other costs.
    for (const layer of [at, ...layers]) group(fullEvaluation(subject, input, { layer }));
    for (const batch of batches) group(fullEvaluation(subject, input, { layer: at, batch }));
  }
  if (has('cross-layer') && layers.length > 0) {
    const [coarse, fine] = crossLayers(model);
    group({
      name: `cross-layer hybrid @ ${coarse} × ${fine}`,
      layer: `${coarse},${fine}`,
      batch: 1,
      run: () => explain(model, input, { method: 'cross-layer-hybrid' }),
    });
  }
  if (has('runtime-defaults') && subject.defaultForward) {
    // Last, for its threads spin on after a run.
    const run = await subject.defaultForward(input);
    group({ name: "forward, ONNX Runtime's defaults", batch: 1, run });
  }
  return { groups, dispose: () => held.dispose() };
}

/** One image from picture to numbers, as `hybridcam-bench run` goes about it: explained, then inserted and deleted. */
function fullEvaluation(
  { model }: SpeedSubject,
  input: NdArray<Float32Array>,
  { layer, batch }: { readonly layer: string; readonly batch?: number },
): SpeedCase {
  const scores = modelSubject(model, 'probability', batch === undefined ? {} : { batchSize: batch });
  const image = view(pack(input), input.shape.slice(1));
  return {
    name: `full evaluation @ ${layer}${batch === undefined ? '' : `, batch ${batch}`}, per forward`,
    layer,
    batch: batch ?? 1,
    // The explanation's own; f(x), f(baseline) of each curve, and 27 points between on both.
    images: 1 + 3 + 2 * 27,
    run: async () => {
      const { saliencyMap, classIndex } = await explain(model, input, { targetLayer: layer });
      const cache = createImageCache();
      await curve(scores, image, classIndex!, saliencyMap, { mode: 'insertion', cache });
      await curve(scores, image, classIndex!, saliencyMap, { mode: 'deletion', cache });
    },
  };
}

function oneHot(batch: number, classes: number, index: number): NdArray<Float32Array> {
  const data = new Float32Array(batch * classes);
  for (let n = 0; n < batch; n++) data[n * classes + index] = 1;
  return view(data, [batch, classes]);
}

/** A fixed input that is no special case: convolutions of constants are faster on some machines. */
export function noiseInput(shape: readonly [number, number, number, number]): NdArray<Float32Array> {
  let state = 1;
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return view(values, [...shape]);
}
