import { type BiasShare, type NetworkParts, type ScoreShares, view } from '@hybridcam/core';
import { flowOf } from '../autodiff/blocked-layer.ts';
import type { BackwardContext, BackwardEngine, BackwardGradient } from '../backward.ts';
import { type Layout, tensorLayouts } from '../layers/layouts.ts';
import type { ImageInput } from '../model-input.ts';
import { mapView } from '../runtime/map-view.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import type { BiasSite } from './bias-site.ts';
import { type BiasSites, biasSites } from './bias-sites.ts';
import type { Floats } from './broadcast.ts';

/** Where the shares of the score come from: what a pass has to fetch and differentiate for them. */
export interface ShareSource extends Readonly<NetworkParts['shares']> {
  /** Tensors whose gradients are wanted; sorted. */
  readonly layers: readonly string[];
  /** Tensors of the forward run that are read, besides what the backward pass takes. */
  readonly reads: readonly string[];
  /** The shares of a pass of `image` [batch, channels, height, width], from what was fetched and the gradients, the scores' own included. */
  shares(
    image: ScoreShares['input'],
    values: ReadonlyMap<string, Floats>,
    gradients: ReadonlyMap<string, BackwardGradient>,
  ): ScoreShares;
}

export interface ShareSourceOptions {
  readonly context: BackwardContext;
  readonly engine: BackwardEngine | undefined;
  readonly input: ImageInput;
  readonly shapes: ReadonlyMap<string, InferredValue>;
}

/** Found in the graph, without running it. */
export function shareSource({ context, engine, input, shapes }: ShareSourceOptions): ShareSource {
  const { graph, files, scores } = context;
  const blockedBy = engine ? engine.blockedBy(input.name, context) : 'there is no backward engine';
  const { sites, unknown }: BiasSites =
    blockedBy === undefined ? biasSites(flowOf(context), files, input.name) : { sites: [], unknown: [] };
  const layouts = tensorLayouts(graph, shapes, input);
  const onMaps = sites.some(({ tensor, of }) => of === 'layer' && layouts.has(tensor));
  const inner = sites.map(({ tensor }) => tensor).filter((tensor) => tensor !== scores);
  return {
    blockedBy: blockedBy ?? (onMaps ? undefined : 'no layer of the network adds a bias to a map of places'),
    partialBy: partialBy(unknown),
    layers: [...new Set([input.name, ...inner])].sort(),
    reads: [...new Set(sites.flatMap(({ reads }) => reads))],
    shares: (image, values, gradients) => {
      const slopes = gradients.get(input.name)!;
      const map = mapView(slopes.data, slopes.dims, input.layout, input.name);
      return {
        input: view(
          image.data.map((x, i) => x * map.data[i]!),
          map.shape,
        ),
        biases: sites.map((site) =>
          biasShare(site, values, gradients.get(site.tensor)!, layouts, image.shape[0]!),
        ),
      };
    },
  };
}

function biasShare(
  site: BiasSite,
  values: ReadonlyMap<string, Floats>,
  { data, dims }: BackwardGradient,
  layouts: ReadonlyMap<string, Layout>,
  batch: number,
): BiasShare {
  const added = site.bias(values, dims);
  const products = data.map((slope, i) => (slope === 0 ? 0 : slope * added[i]!));
  const layout = layouts.get(site.tensor);
  return {
    of: site.of,
    values:
      layout && dims.length === 4
        ? mapView(products, dims, layout, site.tensor)
        : view(products, [batch, products.length / batch]),
  };
}

function partialBy(unknown: readonly string[]): string | undefined {
  const [first, ...others] = unknown;
  if (first === undefined) return undefined;
  return others.length === 0
    ? `what ${first} adds is not known`
    : `what ${first} and ${others.length} other steps add is not known`;
}
