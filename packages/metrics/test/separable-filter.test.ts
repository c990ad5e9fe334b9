import { describe, expect, it } from 'vitest';
import { separableFilter } from '../src/separable-filter.ts';

const HEIGHT = 5;
const WIDTH = 7;
const source = Float32Array.from({ length: 2 * HEIGHT * WIDTH }, (_, i) => Math.sin(7 * i));

/** The definition, tap by tap, each sum from the first tap to the last. */
function byDefinition(taps: readonly number[], border: 'zero' | 'reflect'): Float32Array {
  const radius = (taps.length - 1) / 2;
  const inside = (index: number, extent: number): number => {
    if (index >= 0 && index < extent) return index;
    if (border === 'zero') return -1;
    return inside(index < 0 ? -1 - index : 2 * extent - 1 - index, extent);
  };
  const along = (extent: number, at: number, value: (index: number) => number): number =>
    taps.reduce((sum, tap, t) => {
      const index = inside(at + t - radius, extent);
      return sum + (index < 0 ? 0 : tap * value(index));
    }, 0);
  return source.map((_, i) => {
    const plane = i - (i % (HEIGHT * WIDTH));
    const x = i % WIDTH;
    const y = Math.floor((i - plane) / WIDTH);
    return along(HEIGHT, y, (row) => along(WIDTH, x, (column) => source[plane + row * WIDTH + column]!));
  });
}

describe('separableFilter', () => {
  it.each([1, 3, 5, 9, 11, 15])('is the definition to the last bit with %i taps', (count) => {
    const taps = Array.from({ length: count }, (_, t) => Math.cos(t) / count);
    for (const border of ['zero', 'reflect'] as const) {
      const result = new Float32Array(source.length);
      separableFilter(source, result, [2, HEIGHT, WIDTH], taps, border);
      expect(result).toEqual(byDefinition(taps, border));
    }
  });
});
