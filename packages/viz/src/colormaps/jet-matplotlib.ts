import type { Colormap } from '../colormap.ts';

/**
 * Jet as matplotlib has it (`cmap='jet'`), byte for byte: up to 33 levels away from OpenCV's. The colours of the
 * reference's α figure and heatmap file.
 */
export const jetMatplotlib: Colormap = {
  name: 'jet-matplotlib',
  table: /* @__PURE__ */ jetMatplotlibTable(),
  quantize: 'floor-256',
  diverging: false,
};

type Knots = readonly (readonly [position: number, value: number])[];

function jetMatplotlibTable(): Uint8Array {
  const channels: readonly Knots[] = [
    [
      [0, 0],
      [0.35, 0],
      [0.66, 1],
      [0.89, 1],
      [1, 0.5],
    ],
    [
      [0, 0],
      [0.125, 0],
      [0.375, 1],
      [0.64, 1],
      [0.91, 0],
      [1, 0],
    ],
    [
      [0, 0.5],
      [0.11, 1],
      [0.34, 1],
      [0.65, 0],
      [1, 0],
    ],
  ];
  const table = new Uint8Array(768);
  channels.forEach((knots, channel) => {
    let right = 1;
    for (let i = 0; i < 256; i++) {
      while (right < knots.length - 1 && knots[right]![0] * 255 < i) right++;
      const [x0, y0] = knots[right - 1]!;
      const [x1, y1] = knots[right]!;
      const share = (i - x0 * 255) / (x1 * 255 - x0 * 255);
      table[3 * i + channel] = Math.trunc((share * (y1 - y0) + y0) * 255);
    }
  });
  return table;
}
