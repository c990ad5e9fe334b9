import type { NdArray } from 'ndarray';
import { attentionRollout } from '../methods/attention-rollout.ts';
import { type FullGradVariant, fullGradOfShares } from '../methods/full-grad.ts';
import { leGrad } from '../methods/le-grad.ts';
import { pack, view } from '../view.ts';
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

/**
 * The raw map of LeGrad. That the model has blocks the plan has asserted, and the pass was asked for them. Every block's own scores are asked
 * for the slope of the target: that of a probability depends on where it is.
 */
export async function leGradMap({ pass, target, run: { signal } }: Probe): Promise<NdArray<Float32Array>> {
  const { scores, gradients } = await pass.blocks!();
  const [, blocks, classes] = scores.shape as [number, number, number];
  const slopes = new Float32Array(blocks * classes);
  for (let block = 0; block < blocks; block++) {
    const own = pack(scores.pick(0, block, null));
    slopes.set(target.gradient(own, pass.scoreKind), block * classes);
  }
  const { layers, grid, prefix } = await gradients(view(slopes, [1, blocks, classes]), { signal });
  return leGrad(
    layers.map((layer) => ofImage(layer)),
    { grid, prefix },
  );
}
