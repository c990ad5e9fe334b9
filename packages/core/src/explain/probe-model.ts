import type { NdArray } from 'ndarray';
import { throwIfAborted, UnsupportedError } from '../errors.ts';
import {
  assertBatchSize,
  defaultBatchSize,
  type EvaluateTarget,
  type ForwardRun,
} from '../forwards/evaluate-target.ts';
import { readInput } from '../forwards/masked-input.ts';
import { fillNormal } from '../kernels/random.ts';
import { targetWeights } from '../map/evidence-ledger.ts';
import { type AblationCamVariant, ablationCamByRuns, type EvaluateTail } from '../methods/ablation-cam.ts';
import type { FullGradVariant } from '../methods/full-grad.ts';
import { isCam } from '../methods/is-cam.ts';
import type { ResolvedMethod } from '../methods/method-call.ts';
import { occlusion } from '../methods/occlusion.ts';
import { rise } from '../methods/rise.ts';
import { scoreCam } from '../methods/score-cam.ts';
import { shapleyCam, shapleyCotangent } from '../methods/shapley-cam.ts';
import {
  type NoisySample,
  type SmoothGradCamPlusPlusVariant,
  smoothGradCamPlusPlus,
} from '../methods/smooth-grad-cam-plus-plus.ts';
import { ssCam } from '../methods/ss-cam.ts';
import type { ForwardPass, Model } from '../model.ts';
import type { Target } from '../target/target.ts';
import { view } from '../view.ts';
import { fullGradMap, leGradMap, rolloutMap } from './network-maps.ts';
import { ofImage, rowOf } from './of-image.ts';

/** One image, one target, and what may be asked of the model about them. */
export interface Probe {
  readonly model: Model;
  /** [1, channels, height, width]. */
  readonly input: NdArray<Float32Array>;
  /** The pass of `input`. */
  readonly pass: ForwardPass;
  readonly target: Target;
  readonly run: ForwardRun;
}

/** With a batch size that is checked, and that the model takes. */
interface BatchedProbe extends Probe {
  readonly run: ForwardRun & { readonly batchSize: number };
}

/**
 * The raw map [height, width] of a method that needs more than one pass, or more of the target than its gradient. `layer` is
 * empty for methods that look at none.
 */
export async function probeModel(
  { name, variant, settings }: ResolvedMethod,
  layer: string,
  probe: Probe,
): Promise<NdArray<Float32Array>> {
  const { pass, input } = probe;
  const run = { ...probe.run, batchSize: batchSizeOf(probe) };
  const evaluate = evaluateTarget(probe);
  const options = { ...settings, variant, ...run } as object;
  if (name === 'rise') return rise(input, evaluate, options);
  if (name === 'occlusion') return occlusion(input, evaluate, options);
  if (name === 'full-grad') return fullGradMap(variant as FullGradVariant, probe);
  if (name === 'attention-rollout') return rolloutMap(probe);
  if (name === 'le-grad') return leGradMap(probe);
  const activations = ofImage(pass.activations(layer));
  if (name === 'score-cam') return scoreCam(activations, input, evaluate, options);
  if (name === 'ss-cam') return ssCam(activations, input, evaluate, options);
  if (name === 'is-cam') return isCam(activations, input, evaluate, options);
  if (name === 'shapley-cam') return shapleyMap(activations, layer, probe);
  if (name === 'ablation-cam')
    return ablationMap(activations, layer, variant as AblationCamVariant, { ...probe, run });
  const samples = await noisySamples(layer, { ...probe, run }, settings);
  return smoothGradCamPlusPlus(activations, samples, { variant: variant as SmoothGradCamPlusPlusVariant });
}

/**
 * A model of a fixed batch size is never given more.
 * @throws OptionError for a batch size that is no integer ≥ 1
 */
function batchSizeOf({ model, run: { batchSize = defaultBatchSize } }: Probe): number {
  assertBatchSize('explain', batchSize);
  return Math.min(batchSize, model.input.batch ?? Number.POSITIVE_INFINITY);
}

function evaluateTarget({ model, target, run: { signal } }: Probe): EvaluateTarget {
  return async (inputs) => {
    const pass = await model.forward(inputs, { signal });
    try {
      return Array.from({ length: inputs.shape[0]! }, (_, i) =>
        target.value(scoresOf(pass, i), pass.scoreKind),
      );
    } finally {
      pass.dispose();
    }
  };
}

function shapleyMap(activations: NdArray<Float32Array>, layer: string, { pass, target }: Probe) {
  const head = pass.linearHead(layer);
  if (head === undefined) {
    throw new UnsupportedError(
      `explain: expected global average pooling + linear behind "${layer}" for shapley-cam; received another head, whose second ` +
        'derivatives a model does not hand out. Use grad-cam.',
    );
  }
  const scores = scoresOf(pass, 0);
  const cotangent = shapleyCotangent(target, scores, head.bias, pass.scoreKind);
  const { weights } = targetWeights(head, cotangent);
  const cells = activations.shape[1]! * activations.shape[2]!;
  const gradients = Float32Array.from(weights, (weight) => weight / cells);
  return shapleyCam(activations, view(gradients, [gradients.length]));
}

/** Over a pass of as many copies of the input as one run of the tail takes at once. */
async function ablationMap(
  activations: NdArray<Float32Array>,
  layer: string,
  variant: AblationCamVariant,
  { model, input, target, pass, run }: BatchedProbe,
): Promise<NdArray<Float32Array>> {
  const batch = Math.min(run.batchSize, activations.shape[0]!);
  const { values } = readInput('explain', input);
  const copies = new Float32Array(batch * values.length);
  for (let i = 0; i < batch; i++) copies.set(values, i * values.length);
  const cut = await model.forward(view(copies, [batch, ...input.shape.slice(1)]), {
    tails: [layer],
    signal: run.signal,
  });
  try {
    const evaluateTail: EvaluateTail = async (replaced) => {
      const [count, ...shape] = replaced.shape as [number, ...number[]];
      // The pass has one size; the places that the last batch leaves over are computed for nobody.
      const filled = new Float32Array((replaced.size / count) * batch);
      filled.set(replaced.data);
      const scores = await cut.scoresFrom(layer, view(filled, [batch, ...shape]), { signal: run.signal });
      return Array.from({ length: count }, (_, i) => target.value(rowOf(scores, i), cut.scoreKind));
    };
    const score = target.value(scoresOf(pass, 0), pass.scoreKind);
    return await ablationCamByRuns(activations, evaluateTail, score, { ...run, batchSize: batch, variant });
  } finally {
    cut.dispose();
  }
}

async function noisySamples(
  layer: string,
  { model, input, target, run: { signal, batchSize, onProgress } }: BatchedProbe,
  settings: ResolvedMethod['settings'],
): Promise<NoisySample[]> {
  const where = 'smoothGradCamPlusPlus';
  const { values } = readInput(where, input);
  const { draws, noise, seed } = settings as { draws: number; noise: number; seed: number };
  const normal = new Float64Array(values.length);
  const samples: NoisySample[] = [];
  for (let start = 0; start < draws; start += batchSize) {
    throwIfAborted(signal, where);
    const batch = Math.min(batchSize, draws - start);
    const noisy = new Float32Array(batch * values.length);
    for (let n = 0; n < batch; n++) {
      fillNormal(normal, seed, (start + n) * normal.length);
      for (let i = 0; i < values.length; i++) noisy[n * values.length + i] = values[i]! + noise * normal[i]!;
    }
    const inputs = view(noisy, [batch, ...input.shape.slice(1)]);
    const pass = await model.forward(inputs, { layers: [layer], signal });
    try {
      const slopes = Array.from({ length: batch }, (_, n) =>
        target.gradient(scoresOf(pass, n), pass.scoreKind),
      );
      const classes = slopes[0]!.length;
      const cotangent = new Float32Array(batch * classes);
      slopes.forEach((row, n) => {
        cotangent.set(row, n * classes);
      });
      const gradients = await pass.gradients([layer], view(cotangent, [batch, classes]), { signal });
      for (let n = 0; n < batch; n++) {
        samples.push({
          activations: ofImage(pass.activations(layer), n),
          gradients: ofImage(gradients.get(layer)!, n),
        });
      }
    } finally {
      pass.dispose();
    }
    onProgress?.(start + batch, draws);
  }
  return samples;
}

/** [classes] of one image of the batch. */
function scoresOf({ logits }: ForwardPass, image: number): Float32Array {
  return rowOf(logits, image);
}
