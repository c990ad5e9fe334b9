import type { Colormap } from '../colormap.ts';

/** Grey: entry i is (i, i, i). For printing, and for masks. */
export const grey: Colormap = {
  name: 'grey',
  table: /* @__PURE__ */ Uint8Array.from({ length: 768 }, (_, i) => Math.trunc(i / 3)),
  quantize: 'floor-256',
  diverging: false,
};
