import type { EvidenceLedger } from '../map/evidence-ledger.ts';
import type { ForwardPass } from '../model.ts';
import type { Target } from '../target/target.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';

/**
 * The ledger, made when somebody asks for it: by then the pass is disposed, so its arrays are taken now, and nothing else of it is held.
 */
export function laterLedger(
  pass: ForwardPass,
  maps: LayerMaps,
  { layers }: Plan,
  target: Target,
  value: number,
  cotangent: Float32Array,
): () => Promise<EvidenceLedger> {
  const layer = target.linear && layers.length === 1 ? layers[0] : undefined;
  const head = layer === undefined ? undefined : pass.linearHead(layer);
  const activations = head && maps.activations(layer!);
  const source = { layers, target, head, activations, value, cotangent };
  return async () => (await import('./every-request.ts')).ledgerOf(source);
}
