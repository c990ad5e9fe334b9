import { UnsupportedError } from '../errors.ts';
import { type EvidenceLedger, evidenceLedger } from '../map/evidence-ledger.ts';
import type { ForwardPass } from '../model.ts';
import type { Target } from '../target/target.ts';
import type { LayerMaps } from './layer-maps.ts';

/** The ledger of a target at a layer, to be made when asked for: by then the pass is disposed, so its arrays are taken now. */
export function ledgerOf(
  pass: ForwardPass,
  maps: LayerMaps,
  layers: readonly string[],
  target: Target,
  value: number,
  cotangent: Float32Array,
): () => EvidenceLedger {
  const refuse = (reason: string) => () => {
    throw new UnsupportedError(`ledger: expected ${reason}.`);
  };
  if (layers.length !== 1)
    return refuse(`one layer; received ${layers.join(' and ') || 'none'}. Explain one of them`);
  if (!target.linear)
    return refuse(`a target linear in the scores; received ${target.description}. Use logit or margin`);
  const head = pass.linearHead(layers[0]!);
  if (head === undefined) {
    return refuse(
      `global average pooling + linear behind "${layers[0]}"; received another head, whose score has no exact split over cells`,
    );
  }
  const activations = maps.activations(layers[0]!);
  return () => evidenceLedger(activations, head, cotangent, value);
}
