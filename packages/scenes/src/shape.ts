import type { Distance } from './distance.ts';

/** Which of a shape's four colours a part takes; `dark` and `light` derive from `main`. */
export type Tone = 'main' | 'accent' | 'dark' | 'light';

export interface ShapePart {
  readonly tone: Tone;
  readonly distance: Distance;
}

/** A drawing inside the unit circle; later parts cover earlier ones, and the silhouette is the union of all. */
export interface Shape {
  readonly name: string;
  /** Area of the silhouette, the unit circle having π; turns an area wanted in pixels into a scale. */
  readonly unitArea: number;
  readonly parts: readonly ShapePart[];
}
