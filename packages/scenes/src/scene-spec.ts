import type { Rgb } from './color.ts';

/**
 * `single`: one object. `two-objects`: two objects of two classes. `clever-hans`: one object and, depending on the variant, a
 * mark that names a class. `null`: no object at all.
 */
export type SceneKind = 'single' | 'two-objects' | 'clever-hans' | 'null';

/** `confounded`: the mark always names the object's class. `balanced`: any class, by chance. `absent`: no mark. */
export type MarkVariant = 'confounded' | 'balanced' | 'absent';

export const backgroundFamilies = [
  'sky',
  'stripes',
  'checks',
  'clouds',
  'bricks',
  'dots',
  'waves',
  'planks',
] as const;
export type BackgroundFamily = (typeof backgroundFamilies)[number];

export const surfaceTextures = ['plain', 'speckled', 'striped', 'brushed'] as const;
export type SurfaceTexture = (typeof surfaceTextures)[number];

export const markCorners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
export type MarkCorner = (typeof markCorners)[number];

/** Every factor of a scene, as plain JSON: the same spec always gives the same bytes. Lengths are fractions of the side. */
export interface SceneSpec {
  readonly version: 1;
  readonly kind: SceneKind;
  /** Side in pixels; pictures are square. */
  readonly size: number;
  readonly background: BackgroundSpec;
  /** Shapes whose name is a class; the first is the one a question about the scene means. */
  readonly objects: readonly FigureSpec[];
  /** Shapes from the other vocabulary, independent of the class. */
  readonly distractors: readonly FigureSpec[];
  readonly clutter: ClutterSpec;
  readonly mark: MarkSpec | null;
  readonly lighting: LightingSpec;
  readonly noise: NoiseSpec;
}

export interface BackgroundSpec {
  readonly family: BackgroundFamily;
  readonly colors: readonly [Rgb, Rgb];
  /** Period of the pattern. */
  readonly scale: number;
  /** In turns. */
  readonly angle: number;
  /** Decides where the pattern starts and its irregularities. */
  readonly seed: number;
}

export interface FigureSpec {
  /** One of `sceneClasses` for an object, of `distractorNames` for a distractor. */
  readonly shape: string;
  readonly x: number;
  readonly y: number;
  /** Part of the picture that the silhouette covers when nothing cuts it off. */
  readonly area: number;
  /** In turns, clockwise. */
  readonly rotation: number;
  readonly mirrored: boolean;
  readonly color: Rgb;
  readonly accent: Rgb;
  readonly texture: SurfaceTexture;
  /** 1: the colours as given; towards 0 they fade into the background's mean colour. */
  readonly contrast: number;
}

export interface ClutterSpec {
  /** Number of small strokes and specks behind everything else. */
  readonly count: number;
  readonly seed: number;
}

export interface MarkSpec {
  /** The class that the mark names. */
  readonly classIndex: number;
  readonly corner: MarkCorner;
}

/** A gentle ramp of brightness over the whole picture. */
export interface LightingSpec {
  /** Where the light comes from, in turns. */
  readonly angle: number;
  /** Brightness gained at the lit end and lost at the other, as a fraction. */
  readonly strength: number;
}

export interface NoiseSpec {
  /** Half width of the triangular noise in levels of 0 to 255. */
  readonly amplitude: number;
  readonly seed: number;
}
