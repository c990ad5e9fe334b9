import { box } from './distance.ts';
import { clamp } from './portable-math.ts';
import type { MarkSpec } from './scene-spec.ts';

/** Nine cells, four of them lit, any two codes different in at least four: no mark is brighter than another. */
const codes: readonly number[] = [
  0b000001111, 0b000110011, 0b000111100, 0b001010101, 0b001011010, 0b001100110, 0b001101001, 0b010010110,
  0b010011001, 0b010100101,
];

/** Side of the mark and its distance from the border, as fractions of the picture's side. */
export const markSide: number = 14 / 96;
export const markMargin: number = 3 / 96;

/** Centre of the mark as fractions of the side. */
export function markCenter(mark: MarkSpec): readonly [x: number, y: number] {
  const near = markMargin + markSide / 2;
  const [vertical, horizontal] = mark.corner.split('-');
  return [horizontal === 'left' ? near : 1 - near, vertical === 'top' ? near : 1 - near];
}

/** Paints the dark tag with its lit cells on `canvas`, [height, width, 3], and returns its mask, [height, width]. */
export function paintMark(canvas: Float64Array, size: number, mark: MarkSpec): Uint8Array {
  const mask = new Uint8Array(size * size);
  const [x, y] = markCenter(mark);
  const half = (markSide * size) / 2;
  const cell = (half * 2) / 3.5;
  const tag = box(x * size, y * size, half, half, half / 4);
  const code = codes[mark.classIndex]!;
  const cells = Array.from({ length: 9 }, (_, i) => i)
    .filter((i) => (code >> i) & 1)
    .map((i) =>
      box(
        x * size + ((i % 3) - 1) * cell,
        y * size + (Math.floor(i / 3) - 1) * cell,
        cell * 0.46,
        cell * 0.46,
      ),
    );
  const lastRow = Math.min(size - 1, Math.ceil(y * size + half + 1));
  const lastColumn = Math.min(size - 1, Math.ceil(x * size + half + 1));
  for (let row = Math.max(0, Math.floor(y * size - half - 1)); row <= lastRow; row++) {
    for (let column = Math.max(0, Math.floor(x * size - half - 1)); column <= lastColumn; column++) {
      const cover = clamp(0.5 - tag(column + 0.5, row + 0.5), 0, 1);
      if (cover === 0) continue;
      let lit = 0;
      for (const distance of cells) lit = Math.max(lit, clamp(0.5 - distance(column + 0.5, row + 0.5), 0, 1));
      const level = 26 + 222 * lit;
      const at = (row * size + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        canvas[at + channel]! += (level - canvas[at + channel]!) * cover;
      }
      if (cover > 0.5) mask[row * size + column] = 1;
    }
  }
  return mask;
}
