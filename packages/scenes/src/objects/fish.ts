import { box, circle, ellipse, intersection, polygon } from '../distance.ts';
import type { Shape } from '../shape.ts';

const body = ellipse(0.2, 0, 0.74, 0.47);

export const fish: Shape = {
  name: 'fish',
  unitArea: 1.456,
  parts: [
    {
      tone: 'accent',
      distance: polygon(
        [
          [-0.36, 0],
          [-0.84, -0.46],
          [-0.72, 0],
          [-0.84, 0.46],
        ],
        0.06,
      ),
    },
    {
      tone: 'accent',
      distance: polygon(
        [
          [0.42, -0.36],
          [-0.16, -0.36],
          [-0.12, -0.68],
          [0.1, -0.62],
        ],
        0.05,
      ),
    },
    { tone: 'main', distance: body },
    { tone: 'accent', distance: intersection(body, box(0.12, 0, 0.07, 0.6)) },
    { tone: 'accent', distance: intersection(body, box(-0.18, 0, 0.07, 0.6)) },
    { tone: 'light', distance: circle(0.6, -0.12, 0.15) },
    { tone: 'dark', distance: circle(0.63, -0.12, 0.075) },
  ],
};
