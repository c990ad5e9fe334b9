import { type Corner, polygon } from '../distance.ts';
import { cosineOfTurns, sineOfTurns } from '../portable-math.ts';
import type { Shape } from '../shape.ts';

export const star: Shape = {
  name: 'star',
  unitArea: 1.577,
  parts: [
    { tone: 'main', distance: polygon(points(0.9, 0.43), 0.07) },
    { tone: 'accent', distance: polygon(points(0.47, 0.22), 0.03) },
  ],
};

function points(outer: number, inner: number): Corner[] {
  return Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? outer : inner;
    return [radius * sineOfTurns(i / 10), -radius * cosineOfTurns(i / 10)];
  });
}
