import { below, circle, ellipse, intersection, polygon, without } from '../distance.ts';
import type { Shape } from '../shape.ts';

const cap = without(ellipse(0, 0.04, 0.93, 0.88), below(0.12));

export const mushroom: Shape = {
  name: 'mushroom',
  unitArea: 1.963,
  parts: [
    {
      tone: 'light',
      distance: polygon(
        [
          [-0.24, 0],
          [0.24, 0],
          [0.32, 0.82],
          [-0.32, 0.82],
        ],
        0.06,
      ),
    },
    { tone: 'main', distance: cap },
    { tone: 'accent', distance: intersection(cap, circle(0.05, -0.44, 0.22)) },
    { tone: 'accent', distance: intersection(cap, circle(-0.56, -0.14, 0.17)) },
    { tone: 'accent', distance: intersection(cap, circle(0.58, -0.12, 0.18)) },
  ],
};
