import { paintBackground } from './background.ts';
import { checkSpec } from './check-spec.ts';
import { paintClutter } from './clutter.ts';
import { distractorShapes } from './distractor-shapes.ts';
import { paintMark } from './mark.ts';
import { objectShapes, sceneClasses } from './object-shapes.ts';
import { paintFigure } from './paint-figure.ts';
import { clamp, cosineOfTurns, sineOfTurns } from './portable-math.ts';
import { lattice } from './random.ts';
import { backdropColor } from './sample-background.ts';
import type { FigureSpec, LightingSpec, NoiseSpec, SceneSpec } from './scene-spec.ts';
import type { Shape } from './shape.ts';

/** A picture, the same structure as everywhere in the toolkit: `data` is [height, width, 4], red, green, blue, alpha. */
export interface SceneImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** One thing in the picture and exactly where it can be seen. */
export interface SceneRegion {
  readonly name: string;
  /** Class of an object, or the class a mark names; null for a distractor. */
  readonly classIndex: number | null;
  /** [height, width]: 1 where more than half of the pixel shows this thing, else 0. */
  readonly mask: Uint8Array;
  readonly pixelCount: number;
}

export interface Scene {
  readonly spec: SceneSpec;
  readonly image: SceneImage;
  /** Class of the first object; null in a scene without one. */
  readonly classIndex: number | null;
  readonly objects: readonly SceneRegion[];
  readonly distractors: readonly SceneRegion[];
  readonly mark: SceneRegion | null;
}

/**
 * Draws the scene that `spec` describes, with the exact mask of every object, distractor and mark. The same spec gives the same
 * bytes in every JavaScript engine.
 *
 * @throws OptionError when a factor lies outside its range; the message names it
 * @example renderScene(sampleScene({ seed: 1 })).image.width // 96
 */
export function renderScene(spec: SceneSpec): Scene {
  checkSpec(spec);
  const { size } = spec;
  const canvas = new Float64Array(size * size * 3);
  paintBackground(canvas, size, spec.background);
  paintClutter(canvas, size, spec.clutter);
  const backdrop = backdropColor(spec.background);
  const paintAll = (figures: readonly FigureSpec[], shapes: readonly Shape[]): Uint8Array[] =>
    figures.map((figure) => {
      const shape = shapes.find((candidate) => candidate.name === figure.shape)!;
      return paintFigure(canvas, size, figure, shape, backdrop);
    });
  const distractorMasks = paintAll(spec.distractors, distractorShapes);
  const objectMasks = paintAll(spec.objects, objectShapes);
  const markMask = spec.mark === null ? null : paintMark(canvas, size, spec.mark);
  hideCovered([...distractorMasks, ...objectMasks, ...(markMask === null ? [] : [markMask])]);

  const objects = spec.objects.map((figure, i) =>
    region(figure.shape, sceneClasses.indexOf(figure.shape), objectMasks[i]!),
  );
  return {
    spec,
    image: { data: expose(canvas, size, spec.lighting, spec.noise), width: size, height: size },
    classIndex: objects[0]?.classIndex ?? null,
    objects,
    distractors: spec.distractors.map((figure, i) => region(figure.shape, null, distractorMasks[i]!)),
    mark: spec.mark === null ? null : region('mark', spec.mark.classIndex, markMask!),
  };
}

function region(name: string, classIndex: number | null, mask: Uint8Array): SceneRegion {
  let pixelCount = 0;
  for (const bit of mask) pixelCount += bit;
  return { name, classIndex, mask, pixelCount };
}

/** Masks come in painting order: what a later one shows, an earlier one does not. */
function hideCovered(masks: readonly Uint8Array[]): void {
  for (let upper = 1; upper < masks.length; upper++) {
    for (let lower = 0; lower < upper; lower++) {
      for (let i = 0; i < masks[upper]!.length; i++) if (masks[upper]![i] === 1) masks[lower]![i] = 0;
    }
  }
}

/** Light, sensor noise and rounding to bytes. */
function expose(canvas: Float64Array, size: number, lighting: LightingSpec, noise: NoiseSpec): Uint8Array {
  const data = new Uint8Array(size * size * 4);
  const rampX = (cosineOfTurns(lighting.angle) * lighting.strength * 2) / size;
  const rampY = (sineOfTurns(lighting.angle) * lighting.strength * 2) / size;
  let from = 0;
  let to = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const light = 1 + (column + 0.5 - size / 2) * rampX + (row + 0.5 - size / 2) * rampY;
      for (let channel = 0; channel < 3; channel++) {
        const first = lattice(from, 2 * channel, noise.seed);
        const second = lattice(from, 2 * channel + 1, noise.seed);
        const level = canvas[from++]! * light + noise.amplitude * (first - second);
        data[to++] = Math.floor(clamp(level, 0, 255) + 0.5);
      }
      data[to++] = 255;
    }
  }
  return data;
}
