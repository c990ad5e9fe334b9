import { LimitError } from '@hybridcam/core';
import { expectOption } from './expect-option.ts';
import type { Scale } from './legend.ts';
import { drawImage } from './paint/paint.ts';
import { checkImage, filledImage, type RgbaImage } from './rgba-image.ts';
import { layoutSheet } from './sheet-layout.ts';
import { drawText, measureText } from './text/draw-text.ts';
import { type ThemeName, themes } from './theme.ts';

export interface SheetCell {
  readonly image: RgbaImage;
  /** Centred above the picture; line breaks are kept. Default: none. */
  readonly title?: string;
}

export interface SheetOptions {
  /** Above everything, in bold. */
  readonly title?: string;
  /** One per row, to the left of it. */
  readonly rowLabels?: readonly string[];
  /** One per column, above it. */
  readonly columnLabels?: readonly string[];
  /** Below the pictures, over the whole width. */
  readonly caption?: string;
  /** Colour bar below the pictures. Default: none. */
  readonly legend?: Scale;
  /** Longer side of every picture in pixels; aspect ratios are kept. Default: 224. */
  readonly cellSize?: number;
  /** Size of the text in pixels. Default: 1/16 of `cellSize`, from 12 to 40. */
  readonly fontSize?: number;
  readonly theme?: ThemeName;
}

/** A picture of more pixels than this is refused: 400 MB of RGBA, past what viewers open. */
export const maxSheetPixels = 100_000_000;

/**
 * Pictures in rows and columns with labels, caption and legend: a method × image sheet. A missing cell stays empty.
 *
 * Pictures are fitted into cells of one size; tiny ones (a map of 7 × 7 cells) are shown with their cells as blocks.
 *
 * @throws OptionError when there is no picture, or labels and rows or columns differ in number
 * @throws LimitError when the sheet would have more than 100 million pixels
 * @example sheet([[{ image: photo }, { image: overlay(photo, map) }]], { columnLabels: ['photograph', 'hybrid'] })
 */
export function sheet(
  rows: readonly (readonly (SheetCell | undefined)[])[],
  options: SheetOptions = {},
): RgbaImage {
  const { cellSize = 224, theme: themeName = 'light' } = options;
  const { fontSize = Math.min(40, Math.max(12, Math.round(cellSize / 16))) } = options;
  checkOptions(rows, options, cellSize, fontSize);
  const theme = themes[themeName];
  const area = rows.flat().reduce((sum, cell) => sum + (cell ? fittedArea(cell.image, cellSize) : 0), 0);
  checkPixels(area, 'its pictures');
  const { width, height, texts, images } = layoutSheet(rows, options, cellSize, fontSize);
  checkPixels(width * height, `${width} × ${height}`);
  const page = filledImage(width, height, theme.background);
  for (const { image, left, top } of images) drawImage(page, image, left, top);
  for (const { text, x, top, anchor, size, color, weight } of texts) {
    const shift = anchor === 'start' ? 0 : measureText(text, size) * (anchor === 'end' ? 1 : 0.5);
    drawText(page, text, Math.round(x - shift), top + size, { size, color: theme[color], weight });
  }
  return page;
}

function fittedArea({ width, height }: RgbaImage, cellSize: number): number {
  return width * height * (cellSize / Math.max(width, height)) ** 2;
}

function checkPixels(count: number, what: string): void {
  if (count <= maxSheetPixels) return;
  throw new LimitError(
    `sheet: expected at most ${maxSheetPixels} pixels; received ${Math.round(count)} (${what}). Take a smaller cellSize or fewer cells.`,
  );
}

function checkOptions(
  rows: readonly (readonly (SheetCell | undefined)[])[],
  options: SheetOptions,
  cellSize: number,
  fontSize: number,
): void {
  const columnCount = Math.max(0, ...rows.map((row) => row.length));
  expectOption(
    rows.some((row) => row.some((cell) => cell !== undefined)),
    'sheet',
    'at least one picture',
    'none',
  );
  for (const cell of rows.flat()) if (cell) checkImage(cell.image, 'sheet');
  for (const [what, labels, count] of [
    ['rowLabels', options.rowLabels, rows.length],
    ['columnLabels', options.columnLabels, columnCount],
  ] as const) {
    if (labels) expectOption(labels.length === count, 'sheet', `${count} ${what}`, labels.length);
  }
  expectOption(
    Number.isInteger(cellSize) && cellSize >= 16,
    'sheet',
    'cellSize in whole pixels, at least 16',
    cellSize,
  );
  expectOption(fontSize >= 8 && fontSize <= 400, 'sheet', 'fontSize from 8 to 400', fontSize);
}
