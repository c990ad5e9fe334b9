import { box, ellipse, intersection, polygon, ring } from '../distance.ts';
import type { Shape } from '../shape.ts';

const body = polygon(
  [
    [-0.72, -0.5],
    [0.46, -0.5],
    [0.34, 0.66],
    [-0.6, 0.66],
  ],
  0.06,
);

export const cup: Shape = {
  name: 'cup',
  unitArea: 1.852,
  parts: [
    { tone: 'main', distance: ring(0.52, 0.02, 0.31, 0.1) },
    { tone: 'main', distance: body },
    { tone: 'accent', distance: intersection(body, box(0, 0.22, 1, 0.14)) },
    { tone: 'light', distance: ellipse(-0.13, -0.5, 0.65, 0.2) },
    { tone: 'dark', distance: ellipse(-0.13, -0.48, 0.52, 0.12) },
  ],
};
