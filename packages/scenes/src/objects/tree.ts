import { box, polygon } from '../distance.ts';
import type { Shape } from '../shape.ts';

export const tree: Shape = {
  name: 'tree',
  unitArea: 1.416,
  parts: [
    { tone: 'dark', distance: box(0, 0.76, 0.14, 0.22) },
    { tone: 'main', distance: tier(-0.02, 0.66, 0.68) },
    { tone: 'accent', distance: tier(-0.46, 0.54, 0.24) },
    { tone: 'main', distance: tier(-0.93, 0.42, -0.2) },
  ],
};

function tier(top: number, halfWidth: number, bottom: number): ReturnType<typeof polygon> {
  return polygon(
    [
      [0, top],
      [halfWidth, bottom],
      [-halfWidth, bottom],
    ],
    0.05,
  );
}
