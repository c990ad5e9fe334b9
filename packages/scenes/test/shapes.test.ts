import { describe, expect, it } from 'vitest';
import { box, capsule, circle, ellipse, polygon, ring, union, without } from '../src/distance.ts';
import { distractorNames, distractorShapes } from '../src/distractor-shapes.ts';
import { objectShapes, sceneClasses } from '../src/object-shapes.ts';
import type { Shape } from '../src/shape.ts';

describe('distances', () => {
  it('are what a ruler says', () => {
    expect(circle(1, 0, 2)(4, 0)).toBeCloseTo(1);
    expect(ring(0, 0, 2, 0.5)(0, 0)).toBeCloseTo(1.5);
    expect(box(0, 0, 1, 2)(4, 6)).toBeCloseTo(5);
    expect(box(0, 0, 1, 2)(0, 0)).toBeCloseTo(-1);
    expect(capsule(0, 0, 4, 0, 1)(7, 4)).toBeCloseTo(4);
    expect(ellipse(0, 0, 2, 1)(2, 0)).toBeCloseTo(0);
    expect(ellipse(0, 0, 2, 1, 0, 1)(0, 2)).toBeCloseTo(0);
    const square = polygon([
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ]);
    expect(square(1, 0.5)).toBeCloseTo(-0.5);
    expect(square(5, 6)).toBeCloseTo(5);
    expect(union(circle(0, 0, 1), circle(5, 0, 1))(3.5, 0)).toBeCloseTo(0.5);
    expect(without(circle(0, 0, 2), circle(0, 0, 1))(0, 0)).toBeCloseTo(1);
  });
});

describe('the vocabularies', () => {
  it('share no name and name each shape once', () => {
    const names = [...sceneClasses, ...distractorNames];
    expect(new Set(names).size).toBe(names.length);
    expect(sceneClasses.length).toBeGreaterThanOrEqual(8);
  });

  it.each([...objectShapes, ...distractorShapes].map((shape) => [shape.name, shape] as const))(
    '%s has the area it says and stays near the unit circle',
    (_name, shape) => {
      const { area, radius } = measure(shape);
      expect(Math.abs(area / shape.unitArea - 1)).toBeLessThan(0.005);
      expect(radius).toBeLessThan(1.04);
      expect(radius).toBeGreaterThan(0.85);
    },
  );
});

function measure(shape: Shape): { area: number; radius: number } {
  const side = 600;
  let inside = 0;
  let radius = 0;
  for (let i = 0; i < side * side; i++) {
    const x = (((i % side) + 0.5) / side) * 2.4 - 1.2;
    const y = ((Math.floor(i / side) + 0.5) / side) * 2.4 - 1.2;
    if (!shape.parts.some((part) => part.distance(x, y) < 0)) continue;
    inside++;
    radius = Math.max(radius, Math.sqrt(x * x + y * y));
  }
  return { area: (inside * 2.4 * 2.4) / (side * side), radius };
}
