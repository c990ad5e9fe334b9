import type { NdArray } from 'ndarray';
import { UnsupportedError } from '../errors.ts';
import { targetWeights } from '../map/evidence-ledger.ts';
import type { MethodName } from '../methods/method-table.ts';
import type { LinearHead } from '../model.ts';
import { view } from '../view.ts';

/** The head's row [channels] for a target. @throws UnsupportedError where the head is not linear */
export function channelWeights(
  method: MethodName,
  layer: string,
  head: LinearHead | undefined,
  cotangent: Float32Array,
): NdArray<Float32Array> {
  if (head === undefined) {
    throw new UnsupportedError(
      `explain: expected global average pooling + linear behind "${layer}" for ${method}; received another head. Use grad-cam.`,
    );
  }
  const { weights } = targetWeights(head, cotangent);
  return view(Float32Array.from(weights), [weights.length]);
}
