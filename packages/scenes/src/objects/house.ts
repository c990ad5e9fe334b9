import { box, polygon } from '../distance.ts';
import type { Shape } from '../shape.ts';

export const house: Shape = {
  name: 'house',
  unitArea: 1.9,
  parts: [
    { tone: 'dark', distance: box(0.42, -0.55, 0.11, 0.27) },
    { tone: 'main', distance: box(0, 0.31, 0.62, 0.46) },
    {
      tone: 'accent',
      distance: polygon(
        [
          [0, -0.84],
          [0.84, -0.08],
          [-0.84, -0.08],
        ],
        0.05,
      ),
    },
    { tone: 'dark', distance: box(-0.24, 0.47, 0.17, 0.3) },
    { tone: 'light', distance: box(0.27, 0.27, 0.18, 0.17) },
  ],
};
