import { box, type Corner, capsule, circle, type Distance, polygon, ring, union } from './distance.ts';
import { cosineOfTurns, sineOfTurns } from './portable-math.ts';
import type { Shape } from './shape.ts';

/** Plain geometry and letters: nothing here is a class, nothing among the classes is here. */
export const distractorShapes: readonly Shape[] = [
  plain('disc', 2.545, circle(0, 0, 0.9)),
  plain('square', 1.957, box(0, 0, 0.7, 0.7, 0.06)),
  plain('bar', 1.137, box(0, 0, 0.95, 0.3, 0.06)),
  plain('triangle', 1.395, polygon(regular(3, 0.9), 0.07)),
  plain('hexagon', 2.383, polygon(regular(6, 0.9), 0.05)),
  plain('ring', 2.111, ring(0, 0, 0.7, 0.24)),
  plain('plus', 1.745, union(box(0, 0, 0.92, 0.28, 0.04), box(0, 0, 0.28, 0.92, 0.04))),
  plain('pill', 1.394, capsule(-0.5, 0, 0.5, 0, 0.42)),
  plain('letter-L', 0.979, union(box(-0.38, 0, 0.2, 0.82, 0.03), box(0.08, 0.62, 0.55, 0.2, 0.03))),
  plain('letter-T', 1.047, union(box(0, -0.6, 0.66, 0.2, 0.03), box(0, 0.1, 0.2, 0.8, 0.03))),
  plain(
    'letter-H',
    1.391,
    union(box(-0.45, 0, 0.19, 0.8, 0.03), box(0.45, 0, 0.19, 0.8, 0.03), box(0, 0, 0.5, 0.17)),
  ),
  plain(
    'letter-Z',
    1.105,
    union(
      box(0, -0.6, 0.6, 0.17, 0.03),
      box(0, 0.6, 0.6, 0.17, 0.03),
      polygon([
        [0.28, -0.6],
        [0.58, -0.55],
        [-0.28, 0.6],
        [-0.58, 0.55],
      ]),
    ),
  ),
];

function plain(name: string, unitArea: number, distance: Distance): Shape {
  return { name, unitArea, parts: [{ tone: 'main', distance }] };
}

function regular(sides: number, radius: number): Corner[] {
  return Array.from({ length: sides }, (_, i) => [
    radius * sineOfTurns(i / sides),
    -radius * cosineOfTurns(i / sides),
  ]);
}

/** What a distractor can be. */
export const distractorNames: readonly string[] = distractorShapes.map((shape) => shape.name);
