import type { NdArray } from 'ndarray';
import { UnsupportedError } from '../errors.ts';
import type { ExplainRun } from '../explain.ts';
import type { ForwardPass } from '../model.ts';
import { forwardRun } from './forward-run.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';
import type { Probe } from './probe-model.ts';

/**
 * `shared`, but for the maps that are made of more than the layer's activations and gradients. Their methods are loaded when first
 * needed.
 */
export async function probedMaps(
  plan: Plan,
  shared: LayerMaps,
  asked: Omit<Probe, 'run'>,
  run: ExplainRun,
): Promise<LayerMaps> {
  const { method, request } = plan;
  const layers = layersToProbe(plan, asked.pass);
  if (layers.length === 0) return shared;
  if (request.eigenSmoothing) {
    throw new UnsupportedError(
      `explain: expected global average pooling + linear behind "${layers[0]}" for ${method.name} with eigenSmoothing; received another head. Use grad-cam.`,
    );
  }
  const probe = { ...asked, run: forwardRun(run) };
  const { probeModel } = await import('./probe-model.ts');
  const probed = new Map<string, NdArray<Float32Array>>();
  for (const layer of layers) probed.set(layer, await probeModel(method, layer, probe));
  return {
    ...shared,
    map: (part, layer, smoothed) => probed.get(layer) ?? shared.map(part, layer, smoothed),
  };
}

/** The layers whose map is made of more than activations and gradients; `''` for a method that looks at none. */
function layersToProbe({ method: { facts }, layers }: Plan, pass: ForwardPass): readonly string[] {
  if (facts.layers === 0) return [''];
  if (facts.probes) return layers;
  return facts.elsewhere ? layers.filter((layer) => pass.linearHead(layer) === undefined) : [];
}
