import { legend } from './legend.ts';
import { resizeImage } from './paint/resize-image.ts';
import type { RgbaImage } from './rgba-image.ts';
import type { SheetCell, SheetOptions } from './sheet.ts';
import { measureText } from './text/draw-text.ts';
import { shapeText } from './text/shape-text.ts';
import { wrapText } from './text/wrap-text.ts';

/** One line of text: where its anchor lies, and the top of its line box. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly top: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly size: number;
  readonly color: 'text' | 'muted';
  readonly weight: 'regular' | 'bold';
}

export interface PlacedImage {
  readonly image: RgbaImage;
  readonly left: number;
  readonly top: number;
}

/** Everything on a sheet with its place, in whole pixels. */
export interface SheetLayout {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PlacedText[];
  readonly images: readonly PlacedImage[];
}

type Rows = readonly (readonly (SheetCell | undefined)[])[];
type Kind = Pick<PlacedText, 'anchor' | 'size' | 'color' | 'weight'>;

const codePointNote = 'Framed numbers are the Unicode code points of characters this font does not draw.';

/** Places title, labels, pictures, legend and caption from top to bottom. */
export function layoutSheet(
  rows: Rows,
  options: SheetOptions,
  cellSize: number,
  fontSize: number,
): SheetLayout {
  const lineHeight = Math.round(fontSize * 1.4);
  const gap = Math.round(Math.max(6, fontSize * 0.75));
  const margin = Math.round(fontSize * 1.25);
  const label: Kind = { anchor: 'middle', size: fontSize, color: 'text', weight: 'regular' };

  const pictures = rows.map((row) => row.map((cell) => cell && fit(cell.image, cellSize)));
  const columnCount = Math.max(...rows.map((row) => row.length));
  const columnWidth = Math.max(
    Math.round(fontSize * 5),
    ...pictures.flat().map((image) => image?.width ?? 0),
  );
  const rowLabels = rows.map((_, i) => lines(options.rowLabels?.[i], fontSize, fontSize * 9, 5));
  const labelWidth = Math.ceil(Math.max(0, ...rowLabels.flat().map((line) => measureText(line, fontSize))));
  const gridLeft = margin + (labelWidth > 0 ? labelWidth + gap : 0);
  const gridWidth = columnCount * (columnWidth + gap) - gap;
  const width = gridLeft + gridWidth + margin;
  const textWidth = width - 2 * margin;
  const center = (column: number): number => gridLeft + column * (columnWidth + gap) + columnWidth / 2;

  const texts: PlacedText[] = [];
  const images: PlacedImage[] = [];
  const place = (block: readonly string[], x: number, top: number, kind: Kind, height = lineHeight): void => {
    block.forEach((text, i) => {
      texts.push({ ...kind, text, x, top: top + i * height });
    });
  };
  /** Blocks of one row of the grid, ending on the same line; returns the height they take. */
  const placeAbove = (blocks: readonly (readonly string[])[], top: number, kind: Kind): number => {
    const most = Math.max(0, ...blocks.map((block) => block.length));
    blocks.forEach((block, column) => {
      place(block, center(column), top + (most - block.length) * lineHeight, kind);
    });
    return most === 0 ? 0 : most * lineHeight + Math.round(gap * 0.3);
  };

  let top = margin;
  const titleSize = Math.round(fontSize * 1.3);
  const titleLine = Math.round(titleSize * 1.4);
  const title = lines(options.title, titleSize, textWidth, 4);
  place(title, width / 2, top, { ...label, size: titleSize, weight: 'bold' }, titleLine);
  if (title.length > 0) top += title.length * titleLine + Math.round(gap * 0.6);

  const columnLabels = options.columnLabels?.map((text) => lines(text, fontSize, columnWidth, 3)) ?? [];
  top += placeAbove(columnLabels, top, { ...label, weight: 'bold' });

  rows.forEach((row, r) => {
    top += placeAbove(
      row.map((cell) => lines(cell?.title, fontSize, columnWidth, 3)),
      top,
      label,
    );
    const height = Math.max(0, ...pictures[r]!.map((image) => image?.height ?? 0));
    pictures[r]!.forEach((image, column) => {
      if (!image) return;
      const left = Math.round(center(column) - image.width / 2);
      images.push({ image, left, top: top + Math.floor((height - image.height) / 2) });
    });
    const labelTop = top + Math.round((height - rowLabels[r]!.length * lineHeight) / 2);
    place(rowLabels[r]!, margin + labelWidth, labelTop, { ...label, anchor: 'end' });
    top += height + gap;
  });

  if (options.legend) {
    const legendWidth = Math.max(40, Math.min(textWidth, fontSize * 24));
    const image = legend(options.legend, {
      width: legendWidth,
      fontSize,
      ...(options.theme && { theme: options.theme }),
    });
    images.push({ image, left: Math.round(Math.max(margin, gridLeft + (gridWidth - legendWidth) / 2)), top });
    top += image.height + gap;
  }
  const caption = lines(options.caption, fontSize, textWidth, 60);
  if (hasCodePoints(rows, options)) caption.push(...wrapText(codePointNote, fontSize, textWidth));
  if (caption.length > 0) {
    top += Math.round(gap * 0.3);
    place(caption, margin, top, { ...label, anchor: 'start', color: 'muted' });
    top += caption.length * lineHeight + gap;
  }
  return { width, height: top - gap + margin, texts, images };
}

function lines(text: string | undefined, size: number, width: number, maxLines: number): string[] {
  return text === undefined || text === '' ? [] : wrapText(text, size, width, maxLines);
}

function fit(image: RgbaImage, size: number): RgbaImage {
  const scale = size / Math.max(image.width, image.height);
  const extent = (length: number): number => Math.max(1, Math.round(length * scale));
  return resizeImage(image, extent(image.width), extent(image.height));
}

function hasCodePoints(rows: Rows, options: SheetOptions): boolean {
  const titles = rows.flat().map((cell) => cell?.title);
  const { title, caption, rowLabels = [], columnLabels = [], legend } = options;
  return [title, caption, legend?.title, ...rowLabels, ...columnLabels, ...titles].some(
    (text) => text !== undefined && shapeText(text).codePoints,
  );
}
