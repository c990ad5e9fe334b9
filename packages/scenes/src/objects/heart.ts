import { bothSides, circle, ellipse, polygon, union } from '../distance.ts';
import type { Shape } from '../shape.ts';

export const heart: Shape = {
  name: 'heart',
  unitArea: 2.162,
  parts: [
    {
      tone: 'main',
      distance: union(
        bothSides(circle(0.43, -0.27, 0.52)),
        polygon([
          [0, -0.58],
          [0.8, 0.09],
          [0.06, 0.9],
          [-0.06, 0.9],
          [-0.8, 0.09],
        ]),
      ),
    },
    { tone: 'light', distance: ellipse(-0.56, -0.45, 0.2, 0.1, 0.8, -0.6) },
  ],
};
