import type { Colormap } from '../colormap.ts';

/**
 * Jet as OpenCV has it (`COLORMAP_JET`), byte for byte: the colours of the reference's overlays. Its lightness goes up and
 * down, so it shows edges that are not in the map; take `viridis` unless you must match older figures.
 */
export const jet: Colormap = {
  name: 'jet',
  table: /* @__PURE__ */ jetTable(),
  quantize: 'truncate-255',
  diverging: false,
};

function jetTable(): Uint8Array {
  const table = new Uint8Array(768);
  const clamp = (value: number): number => Math.min(255, Math.max(0, value));
  for (let i = 0; i < 256; i++) {
    table[3 * i] = clamp(Math.min(4 * i - 382, 1148 - 4 * i));
    table[3 * i + 1] = clamp(Math.min(4 * i - 128, 892 - 4 * i));
    table[3 * i + 2] = clamp(Math.min(4 * i + 128, 638 - 4 * i));
  }
  // OpenCV's table was rounded by hand in one place, off the line by one.
  table[3 * 159 + 2] = 1;
  return table;
}
