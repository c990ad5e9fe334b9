import { OptionError } from '@hybridcam/core';
import { distractorShapes } from './distractor-shapes.ts';
import { objectShapes, sceneClasses } from './object-shapes.ts';
import {
  backgroundFamilies,
  type FigureSpec,
  markCorners,
  type SceneSpec,
  surfaceTextures,
} from './scene-spec.ts';
import type { Shape } from './shape.ts';

/** Larger pictures would still be right, but a typing slip should not take a gigabyte. */
export const maximumSize = 2048;
export const minimumSize = 32;

/** @throws OptionError naming the first factor outside its range */
export function checkSpec(spec: SceneSpec): void {
  rule(spec.version === 1, 'version', '1', spec.version);
  checkSize(spec.size);
  const { background, clutter, lighting, mark, noise } = spec;
  oneOf(background.family, backgroundFamilies, 'background.family');
  rule(background.colors.length === 2, 'background.colors', 'two colours', background.colors.length);
  for (const color of background.colors) checkColor(color, 'background.colors');
  between(background.scale, 0.01, 4, 'background.scale');
  finite(background.angle, 'background.angle');
  integer(background.seed, 'background.seed');
  checkFigures(spec.objects, objectShapes, 'objects');
  checkFigures(spec.distractors, distractorShapes, 'distractors');
  between(clutter.count, 0, 1000, 'clutter.count');
  integer(clutter.count, 'clutter.count');
  integer(clutter.seed, 'clutter.seed');
  if (mark !== null) {
    oneOf(mark.corner, markCorners, 'mark.corner');
    integer(mark.classIndex, 'mark.classIndex');
    between(mark.classIndex, 0, sceneClasses.length - 1, 'mark.classIndex');
  }
  finite(lighting.angle, 'lighting.angle');
  between(lighting.strength, 0, 0.9, 'lighting.strength');
  between(noise.amplitude, 0, 255, 'noise.amplitude');
  integer(noise.seed, 'noise.seed');
}

/** @throws OptionError unless `size` is a whole number of pixels within the limits */
export function checkSize(size: number): void {
  integer(size, 'size');
  between(size, minimumSize, maximumSize, 'size');
}

function checkFigures(figures: readonly FigureSpec[], shapes: readonly Shape[], where: string): void {
  figures.forEach((figure, i) => {
    const at = `${where}[${i}]`;
    oneOf(
      figure.shape,
      shapes.map((shape) => shape.name),
      `${at}.shape`,
    );
    between(figure.x, -1, 2, `${at}.x`);
    between(figure.y, -1, 2, `${at}.y`);
    between(figure.area, 0.0005, 1, `${at}.area`);
    finite(figure.rotation, `${at}.rotation`);
    checkColor(figure.color, `${at}.color`);
    checkColor(figure.accent, `${at}.accent`);
    oneOf(figure.texture, surfaceTextures, `${at}.texture`);
    between(figure.contrast, 0, 1, `${at}.contrast`);
  });
}

function checkColor(color: readonly number[], name: string): void {
  rule(color.length === 3, name, 'red, green and blue', `${color.length} numbers`);
  for (const level of color) between(level, 0, 255, name);
}

function oneOf(value: string, choices: readonly string[], name: string): void {
  rule(choices.includes(value), name, `one of ${choices.join(', ')}`, JSON.stringify(value));
}

export function between(value: number, low: number, high: number, name: string): void {
  rule(value >= low && value <= high, name, `a number from ${low} to ${high}`, value);
}

export function integer(value: number, name: string): void {
  rule(Number.isSafeInteger(value), name, 'a whole number', value);
}

function finite(value: number, name: string): void {
  rule(Number.isFinite(value), name, 'a finite number', value);
}

function rule(holds: boolean, name: string, expected: string, received: unknown): void {
  if (!holds)
    throw new OptionError(`scene: expected ${name} to be ${expected}; received ${String(received)}.`);
}
