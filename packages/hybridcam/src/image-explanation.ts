import { type Explanation, type ExplanationRecord, pack } from '@hybridcam/core';
import type { Geometry, Image, ImageSource, Preprocessing } from '@hybridcam/image';
import {
  colorEnds,
  type HeatmapOptions,
  heatmap,
  inferno,
  jet,
  jetMatplotlib,
  type OverlayOptions,
  overlay,
  type RgbaImage,
  sheet,
  type ValueRange,
} from '@hybridcam/viz';
import { rawScale } from './map-scale.ts';
import type { WeightsFacts } from './named-model.ts';
import { photographOverlay } from './photograph-overlay.ts';
import type { PhotographSizes } from './photograph-sizes.ts';
import { type Picture, picture } from './picture.ts';
import { VERSION } from './version.ts';

/** An explanation of a picture: `@hybridcam/core`'s, and what is known about the pixels. */
export interface ImageExplanation extends Explanation {
  /** The decoded picture, upright unless orientation was to be ignored. */
  readonly image: Image;
  /** What the network saw: the resized and cropped picture, at model-input size. */
  readonly seen: Image;
  /** Where `seen` lies on `image`. */
  readonly geometry: Geometry;
  readonly record: ImageExplanationRecord;
  /**
   * The map over the picture. Default: inferno, opacity 0.8 times the value; with the preset `notebook` OpenCV's jet,
   * opacity 0.5 everywhere.
   */
  overlay(options?: ImageOverlayOptions): Picture;
  /** The map alone in colours. See `ImageHeatmapOptions`. */
  heatmap(options?: ImageHeatmapOptions): Picture;
}

export interface ImageOverlayOptions extends Omit<OverlayOptions, 'seen'> {
  /**
   * `photograph`: the whole picture, with the map where the network saw it; what the crop cut off is pale. `input`: only what
   * the network saw, at its size. Default: `photograph`; `input` with the preset `notebook`.
   */
  readonly on?: 'photograph' | 'input';
  /** Longer side of a `photograph` overlay; larger pictures are scaled down to it. Default: 1024. */
  readonly maxSide?: number;
}

export interface ImageHeatmapOptions extends HeatmapOptions {
  /**
   * `input`: the saliency map, at model-input size. `layer`: one pixel per cell. Default: `input`, in inferno; with the preset `notebook`
   * what it saves: `layer`, in matplotlib's jet from the map's smallest to its largest value.
   */
  readonly at?: 'input' | 'layer';
  /**
   * Whether the map stands above a colour bar in the unit of its values. Default: true for a raw map (`normalize: 'none'`) at
   * `input`, but not with the preset `notebook`, which has none; else false. Where all values are equal there is no bar.
   */
  readonly legend?: boolean;
}

/** `@hybridcam/core`'s record, and the choices made on the way from file to network input. Plain JSON. */
export interface ImageExplanationRecord extends ExplanationRecord {
  readonly versions: ExplanationRecord['versions'] & { readonly hybridcam: string };
  readonly image: {
    /** File name without folder; null for bytes and pixels. */
    readonly name: string | null;
    readonly width: number;
    readonly height: number;
    /** What the file was; null for pixels made in memory. */
    readonly source: ImageSource | null;
  };
  readonly preprocessing: Preprocessing;
  /** The checkpoint that a model known by name was built from; null for other models. */
  readonly weights: WeightsFacts | null;
}

/**
 * A colour map of even steps, and colours only where there is evidence: the picture stays a picture, and what glows is what
 * counted.
 */
const ownMix = { weighting: 'value', opacity: 0.8 } as const;

const notebookMix = { weighting: 'uniform', opacity: 0.5 } as const;

/** What `imageExplanation` adds to a core explanation. */
export interface ImageFacts {
  readonly image: Image;
  readonly photograph: PhotographSizes;
  readonly name: string | undefined;
  readonly seen: Image;
  readonly geometry: Geometry;
  readonly preprocessing: Preprocessing;
  readonly weights: WeightsFacts | undefined;
}

/** Joins an explanation of numbers with the picture the numbers came from. */
export function imageExplanation(explanation: Explanation, facts: ImageFacts): ImageExplanation {
  const { image, photograph, seen, geometry, preprocessing } = facts;
  const isNotebook = explanation.record.preset === 'notebook';
  const record: ImageExplanationRecord = {
    ...explanation.record,
    versions: { hybridcam: VERSION, ...explanation.record.versions },
    image: {
      name: facts.name ?? null,
      width: image.width,
      height: image.height,
      source: image.source ?? null,
    },
    preprocessing,
    weights: facts.weights ?? null,
  };
  const { cam, scores, classIndex, target, status, range } = explanation;
  const mix = isNotebook ? notebookMix : ownMix;
  return {
    cam,
    scores,
    classIndex,
    target,
    status,
    range,
    ledger: () => explanation.ledger(),
    // Not copied: reading it is what computes it.
    get saliencyMap() {
      return explanation.saliencyMap;
    },
    image,
    seen,
    geometry,
    record,
    overlay({ on = isNotebook ? 'input' : 'photograph', maxSide = 1024, ...options } = {}) {
      const drawing = { ...mix, ...colors(explanation, options) };
      const map = explanation.saliencyMap;
      const pixels: RgbaImage =
        on === 'input'
          ? overlay(seen, map, drawing)
          : photographOverlay(photograph(maxSide), map, geometry, drawing);
      return picture(pixels, description(record));
    },
    heatmap({ at = isNotebook ? 'layer' : 'input', legend, ...options } = {}) {
      const map = at === 'layer' ? cam : explanation.saliencyMap;
      const own = isNotebook ? { colormap: jetMatplotlib, range: 'minmax' as const, ...options } : options;
      const drawing = colors(explanation, own);
      const bare = heatmap(map, drawing);
      const isRaw = record.normalize.kind === 'none';
      const wantsLegend = legend ?? (isRaw && !isNotebook && at === 'input');
      if (!wantsLegend || range.min === range.max) return picture(bare, description(record));
      const [low, high] = colorEnds(map, drawing);
      if (low === high) return picture(bare, description(record));
      const scale = rawScale(drawing.colormap ?? inferno, [low, high], range, record);
      const title = isRaw ? scale.title! : 'evidence (normalised)';
      const page = sheet([[{ image: bare }]], {
        cellSize: Math.max(224, bare.width, bare.height),
        legend: { ...scale, title },
      });
      return picture(page, description(record));
    },
  };
}

/** The options over our defaults. */
function colors<T extends HeatmapOptions>(explanation: Explanation, options: T): T & HeatmapOptions {
  const isNotebook = explanation.record.preset === 'notebook';
  // The notebook draws an empty map as if it were a result; so must its exact copy.
  const defaults = isNotebook
    ? { colormap: jet, badge: false }
    : { colormap: inferno, status: explanation.status };
  // A diverging colour map has its own range, around zero.
  const range = options.colormap?.diverging ? {} : { range: colorRange(explanation) };
  return { ...defaults, ...range, ...options };
}

/** Normalised maps span [0, 1]; a raw one is drawn from zero, or from its minimum where that is negative, to its maximum. */
function colorRange({ record, saliencyMap }: Explanation): ValueRange {
  if (record.normalize.kind !== 'none') return 'unit';
  let [low, high] = [0, 0];
  for (const value of pack(saliencyMap)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low < high ? [low, high] : 'unit';
}

/** What a PNG says about itself to whoever finds it without its record. */
function description(record: ImageExplanationRecord): Record<string, string> {
  const { method, targetLayers, target } = record;
  const alpha = method.alpha === null ? '' : `, alpha ${method.alpha}`;
  const label = record.class?.label ?? null;
  return {
    Software: `hybridcam ${VERSION}`,
    Description: `${method.name}${alpha}${targetLayers.length === 0 ? '' : ` at ${targetLayers.join(' x ')}`}: evidence for ${target.description}${label === null ? '' : `, ${label}`}`,
  };
}
