import type { NdArray } from 'ndarray';
import { UnsupportedError } from '../errors.ts';
import { type EvidenceLedger, evidenceLedger } from '../map/evidence-ledger.ts';
import type { LinearHead } from '../model.ts';
import type { Target } from '../target/target.ts';

/** What a ledger is made of. */
export interface LedgerSource {
  readonly layers: readonly string[];
  readonly target: Target;
  /** Of the one layer and a linear target; undefined where there is no such head. */
  readonly head: LinearHead | undefined;
  /** [channels, height, width]; there where `head` is. */
  readonly activations: NdArray<Float32Array> | undefined;
  readonly value: number;
  readonly cotangent: Float32Array;
}

/** The ledger of a target at a layer. @throws UnsupportedError where there is no exact account */
export function ledgerOf({
  layers,
  target,
  head,
  activations,
  value,
  cotangent,
}: LedgerSource): EvidenceLedger {
  if (layers.length !== 1) {
    throw refusal(`one layer; received ${layers.join(' and ') || 'none'}. Explain one of them`);
  }
  if (!target.linear) {
    throw refusal(`a target linear in the scores; received ${target.description}. Use logit or margin`);
  }
  if (head === undefined) {
    throw refusal(
      `global average pooling + linear behind "${layers[0]}"; received another head, whose score has no exact split over cells`,
    );
  }
  return evidenceLedger(activations!, head, cotangent, value);
}

function refusal(rule: string): UnsupportedError {
  return new UnsupportedError(`ledger: expected ${rule}.`);
}
