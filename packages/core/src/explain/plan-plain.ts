import { normalizations } from '../kernels/normalized.ts';
import { defaultAlpha } from '../methods/hybrid-cam.ts';
import { type PlainMethodName, plainMethods } from '../methods/plain-methods.ts';
import type { Model } from '../model.ts';
import type { ExplainRequest } from './explain-request.ts';
import type { Plan } from './plan-request.ts';

/**
 * The plan of a request that asks for nothing but the hybrid or one of its parents at one layer, and is right; else undefined.
 * `planRequest` plans every request, this one alike, and has words for what is wrong: so that most pages need not load it.
 * @throws LayerNotFoundError
 */
export function planPlain(model: Model, request: ExplainRequest): Plan | undefined {
  const { targetLayer = model.defaultLayer, classIndex, target, normalize = 'max' } = request;
  const method = request.method ?? 'hybrid';
  const { name, alpha, variant, settings } =
    typeof method === 'string' ? ({ name: method } as Exclude<typeof method, string>) : method;
  // Without types a list of a name can come in, which would be looked up as the name.
  const facts =
    typeof name === 'string' && Object.hasOwn(plainMethods, name)
      ? plainMethods[name as PlainMethodName]
      : undefined;
  const usual =
    facts !== undefined &&
    typeof targetLayer === 'string' &&
    typeof target !== 'object' &&
    [request.preset, request.layerFusion, variant, settings, model.outputShape].every(
      (option) => option === undefined,
    ) &&
    !request.eigenSmoothing &&
    !request.augmentationSmoothing &&
    normalizations.includes(normalize) &&
    (classIndex === undefined ||
      classIndex === 'top1' ||
      (Number.isInteger(classIndex) && (classIndex as number) >= 0));
  if (!usual) return undefined;
  const mix = facts.mixes ? (alpha ?? defaultAlpha) : alpha;
  if (facts.mixes ? !(mix! >= 0 && mix! <= 1) : mix !== undefined) return undefined;
  const layer = model.resolveLayer(targetLayer);
  if (layer.gradient === 'unavailable') return undefined;
  return {
    request,
    method: { name, alpha: mix, variant: 'paper', settings: {}, facts },
    layers: [layer.name],
    numbers: { normalize, epsilon: 0, renormalizeAfterUpsample: false, variant: 'paper' },
  };
}
