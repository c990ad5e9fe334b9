import {
  type Model,
  type NdArray,
  type SpatialLayer,
  throwIfAborted,
  UnsupportedError,
  view,
} from '@hybridcam/core';

/**
 * The model's layers, with those as `unavailable` whose gradient turns out to be refused when a backward pass is planned: a graph tells which
 * operators have rules, but only a plan sees every attribute. What refuses one layer refuses those before it, so few are tried.
 * @throws AbortedError, and what the model throws apart from UnsupportedError
 */
export async function triedLayers(
  model: Model,
  input: NdArray<Float32Array>,
  signal: AbortSignal,
): Promise<readonly SpatialLayer[]> {
  const varying = model.layers.filter(({ gradient }) => gradient === 'varying');
  const refusal = async (index: number): Promise<string | undefined> => {
    throwIfAborted(signal, 'doctor');
    return refusalAt(model, varying[index]!.name, input, signal);
  };
  let reason = varying.length === 0 ? undefined : await refusal(0);
  if (reason === undefined) return model.layers;
  let refused = 0;
  let works = varying.length;
  while (works - refused > 1) {
    const middle = (refused + works) >> 1;
    const found = await refusal(middle);
    if (found === undefined) works = middle;
    else [refused, reason] = [middle, found];
  }
  const blocked = new Set(varying.slice(0, works).map(({ name }) => name));
  const blockedBy = reason.replace(/^\w+: /, '').replace(/\.$/, '');
  return model.layers.map((layer) =>
    blocked.has(layer.name) ? { ...layer, gradient: 'unavailable', blockedBy, cost: undefined } : layer,
  );
}

async function refusalAt(
  model: Model,
  layer: string,
  input: NdArray<Float32Array>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const pass = await model.forward(input, { layers: [layer], signal });
    const cotangent = view(new Float32Array(model.classCount).fill(1), [1, model.classCount]);
    await pass.gradients([layer], cotangent, { signal }).finally(() => pass.dispose());
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedError) return error.message;
    throw error;
  }
}

/** `resolveLayer` of a model, with other findings about its layers. */
export function resolveAmong(model: Model, layers: readonly SpatialLayer[]): Model['resolveLayer'] {
  return (name) => {
    const resolved = model.resolveLayer(name);
    return layers.find((layer) => layer.name === resolved.name) ?? resolved;
  };
}
