import { box, ring, union } from '../distance.ts';
import type { Shape } from '../shape.ts';

export const key: Shape = {
  name: 'key',
  unitArea: 1.024,
  parts: [
    {
      tone: 'main',
      distance: union(
        ring(-0.5, 0, 0.32, 0.16),
        box(0.36, 0, 0.6, 0.12, 0.03),
        box(0.82, 0.22, 0.11, 0.25, 0.03),
        box(0.48, 0.18, 0.1, 0.2, 0.03),
      ),
    },
    { tone: 'accent', distance: box(-0.02, 0, 0.08, 0.2, 0.03) },
  ],
};
