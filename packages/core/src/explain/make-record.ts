import type { ResolvedMethod } from '../methods/method-call.ts';
import type { Model } from '../model.ts';
import type { ScoreKind, Target } from '../target/target.ts';
import { version } from '../version.ts';
import type { Explanation, ExplanationRecord, Scores } from './explanation.ts';
import type { Plan } from './plan-request.ts';

/** Everything that decided the numbers of an explanation, as plain JSON. */
export function makeRecord(
  model: Model,
  inputShape: readonly number[],
  { request, method, layers, numbers }: Plan,
  target: Target,
  value: number,
  raw: Float32Array,
  kind: ScoreKind,
  scores: Scores,
  { status, range }: Pick<Explanation, 'status' | 'range'>,
): ExplanationRecord {
  const index = model.outputShape === undefined ? target.classIndex : undefined;
  return {
    versions: { '@hybridcam/core': version },
    model: { ...model.identity, sha256: model.identity.sha256 ?? null },
    inputShape: [...inputShape],
    targetLayers: [...layers],
    layerFusion: request.layerFusion ?? null,
    smoothing: (['eigen', 'augmentation'] as const).filter((kind) => request[`${kind}Smoothing`]),
    class:
      index === undefined
        ? null
        : {
            index,
            label: model.labels?.[index] ?? null,
            score: raw[index]!,
            probability: scores.probabilities.get(index),
          },
    target: { description: target.description, value, scoreKind: kind },
    method: {
      name: method.name,
      variant: method.variant,
      alpha: method.alpha ?? null,
      ...(method.facts.settings && { settings: plainSettings(method.settings) }),
    },
    preset: request.preset ?? null,
    normalize: { kind: numbers.normalize, epsilon: numbers.epsilon },
    resize: {
      kind: 'bilinear',
      centres: 'half-pixel',
      fuseAt: layers.length > 1 ? 'input' : method.alpha === undefined ? null : 'layer',
      renormalizedAfter: numbers.renormalizeAfterUpsample,
    },
    status,
    range,
  };
}

/** JSON has no undefined. */
function plainSettings(settings: ResolvedMethod['settings']): Record<string, number | null> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? null]));
}
