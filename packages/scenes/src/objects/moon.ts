import { circle, intersection, without } from '../distance.ts';
import type { Shape } from '../shape.ts';

const crescent = without(circle(0, 0, 0.98), circle(0.5, -0.16, 0.74));

export const moon: Shape = {
  name: 'moon',
  unitArea: 1.637,
  parts: [
    { tone: 'main', distance: crescent },
    { tone: 'accent', distance: intersection(crescent, circle(-0.62, 0.02, 0.15)) },
    { tone: 'accent', distance: intersection(crescent, circle(-0.36, 0.52, 0.2)) },
    { tone: 'accent', distance: intersection(crescent, circle(0.22, 0.74, 0.11)) },
  ],
};
