import { LayerNotFoundError } from './errors.ts';
import type { SpatialLayer } from './model.ts';
import { didYouMean } from './nearest.ts';

/** More than these are not read in an error message. */
const listed = 8;

/**
 * What an adapter throws for a layer that is none: near names first, then the candidates; of many, the last of each size.
 * @param reason why a thing of that name is no spatial layer, where there is one: `is a weight`
 * @param where what the caller called, first in the message
 * @example throw layerNotFound('layer5', model.layers) // explain: target layer "layer5" not found. Did you mean "layer4"? …
 */
export function layerNotFound(
  wanted: string,
  layers: readonly SpatialLayer[],
  reason?: string,
  where = 'explain',
): LayerNotFoundError {
  const names = new Set(layers.flatMap(({ name, aliases }) => [name, ...aliases]));
  return new LayerNotFoundError(
    `${where}: target layer "${wanted}" not found${reason ? `: it ${reason}` : ''}.${didYouMean(wanted, [...names])} ${candidates(layers)}`,
  );
}

function candidates(layers: readonly SpatialLayer[]): string {
  if (layers.length === 0) return 'The model has no spatial layers.';
  if (layers.length <= listed) return `Spatial layers: ${layers.map(describe).join(', ')}.`;
  const ofSize = new Map(layers.map((layer) => [layer.shape?.slice(1).join('×'), layer]));
  const shown = [...ofSize.values()].slice(-listed);
  return `The last spatial layer of each size: ${shown.map(describe).join(', ')}. All ${layers.length}: hybridcam layers, or model.layers.`;
}

function describe({ name, shape }: SpatialLayer): string {
  return shape ? `${name} [${shape.join('×')}]` : name;
}
