import type { NdArray } from 'ndarray';
import { attentionRollout } from '../methods/attention-rollout.ts';
import { type FullGradVariant, fullGradOfShares } from '../methods/full-grad.ts';
import { view } from '../view.ts';
import { ofImage, rowOf } from './of-image.ts';
import type { Probe } from './probe-model.ts';

/** The raw map of FullGrad. That the model has shares the plan has asserted, and the pass was asked for them. */
export async function fullGradMap(
  variant: FullGradVariant,
  { pass, target, run: { signal } }: Probe,
): Promise<NdArray<Float32Array>> {
  const slopes = new Float32Array(target.gradient(rowOf(pass.logits, 0), pass.scoreKind));
  const shares = await pass.scoreShares!(view(slopes, [1, slopes.length]), { signal });
  return fullGradOfShares(shares, variant);
}

/** The raw map of attention rollout. That the model has matrices the plan has asserted, and the pass was asked for them. */
export async function rolloutMap({ pass }: Probe): Promise<NdArray<Float32Array>> {
  const { layers, ...places } = await pass.attention!();
  return attentionRollout(
    layers.map((layer) => ofImage(layer)),
    places,
  );
}
