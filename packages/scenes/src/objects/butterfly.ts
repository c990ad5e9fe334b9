import { bothSides, capsule, circle, ellipse } from '../distance.ts';
import type { Shape } from '../shape.ts';

export const butterfly: Shape = {
  name: 'butterfly',
  unitArea: 2.055,
  parts: [
    { tone: 'dark', distance: bothSides(capsule(0, -0.35, 0.22, -0.86, 0.045)) },
    { tone: 'accent', distance: bothSides(ellipse(0.4, 0.44, 0.4, 0.3, 0.8, 0.6)) },
    { tone: 'main', distance: bothSides(ellipse(0.47, -0.25, 0.5, 0.35, 0.8, -0.6)) },
    { tone: 'light', distance: bothSides(circle(0.57, -0.34, 0.14)) },
    { tone: 'dark', distance: capsule(0, -0.42, 0, 0.58, 0.1) },
  ],
};
