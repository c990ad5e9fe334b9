import type { MethodEntry } from './method-table.ts';

export type PlainMethodName = 'hybrid' | 'grad-cam' | 'layer-cam';

/** The rows of the table that `explain` always has at hand: its default and what that is made of. */
export const plainMethods: Readonly<Record<PlainMethodName, MethodEntry>> = {
  hybrid: { needs: 'gradients', layers: 1, unit: 'relative', variants: ['paper'], mixes: true },
  'grad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    sums: true,
  },
  'layer-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    sums: true,
  },
};
