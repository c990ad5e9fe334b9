import { UnsupportedError } from '../errors.ts';
import type { Model, SpatialLayer } from '../model.ts';

/**
 * The two layers of the cross-layer hybrid where the user names none: the model's default layer, and the last layer with twice
 * its resolution (for a 7×7 default, the last 14×14 one). Sizes nearest to twice go first: networks written for TensorFlow pad
 * 14×14 to 15×15 in a layer of its own, whose cells lie beside those of the picture. Ends of blocks go before the insides of blocks,
 * so that ResNet-50 gives `layer3.5` and not the first ReLU within `layer4.0`, before whose stride one branch is still 14×14.
 * @throws UnsupportedError when no layer has twice the resolution, or the sizes are unknown before the model runs
 */
export function crossLayers(
  model: Pick<Model, 'layers' | 'defaultLayer' | 'resolveLayer'>,
): [gradCamLayer: string, layerCamLayer: string] {
  const coarse = model.resolveLayer(model.defaultLayer);
  const finer = model.layers.filter((layer) => resolutionRatio(layer, coarse) === 2);
  const explainable = finer.filter((layer) => layer.gradient !== 'unavailable');
  const depth = ({ name }: SpatialLayer) => name.split('.').length;
  const nearest = nearestToTwice(explainable, coarse);
  const ends = nearest.filter((layer) => depth(layer) <= depth(coarse));
  const chosen = ends.at(-1) ?? nearest.at(-1) ?? finer.at(-1);
  if (chosen === undefined) {
    throw new UnsupportedError(
      `crossLayers: expected a layer with twice the resolution of "${coarse.name}"; received none of ${model.layers.length}. ` +
        'Name both layers: targetLayer: [gradCamLayer, layerCamLayer].',
    );
  }
  return [coarse.name, chosen.name];
}

/** Those that miss twice the size by the fewest cells; where two miss it alike, the smaller, because padding only adds cells. */
function nearestToTwice(layers: readonly SpatialLayer[], { shape: coarse }: SpatialLayer): SpatialLayer[] {
  const missed = ({ shape }: SpatialLayer) =>
    shape && coarse ? Math.abs(shape[1] - 2 * coarse[1]) + Math.abs(shape[2] - 2 * coarse[2]) : 0;
  const size = ({ shape }: SpatialLayer) => (shape ? shape[1] + shape[2] : 0);
  const order = (a: SpatialLayer, b: SpatialLayer) => missed(a) - missed(b) || size(a) - size(b);
  const [best] = [...layers].sort(order);
  return layers.filter((layer) => order(layer, best!) === 0);
}

/** How many times finer, rounded: networks that do not pad halve 17 to 8. Undefined when unknown or different per axis. */
function resolutionRatio(layer: SpatialLayer, coarse: SpatialLayer): number | undefined {
  if (layer.shape === undefined || coarse.shape === undefined) {
    const known = layer.stride !== undefined && coarse.stride !== undefined;
    return known ? Math.round(coarse.stride / layer.stride) : undefined;
  }
  const vertical = Math.round(layer.shape[1] / coarse.shape[1]);
  const horizontal = Math.round(layer.shape[2] / coarse.shape[2]);
  return vertical === horizontal ? vertical : undefined;
}
