import { methods } from '@hybridcam/core';
import { type RgbaImage, type Scale, type SheetCell, sheet } from '@hybridcam/viz';
import { alphaPart, safePart } from '../output-names.ts';
import { methodParts } from './method-calls.ts';
import type { Subject, Variant } from './sheet-collector.ts';

/** Longer side of a picture on a sheet, in pixels. */
export const sheetCellSize = 224;

/** Pictures side by side before a new pair of rows begins, as many as the notebook shows. */
const PAIR_COLUMNS = 6;

/** A finished sheet and its file name without `.png`. */
export interface FinishedSheet {
  readonly name: string;
  readonly image: RgbaImage;
}

/**
 * The sheets of a run. For each method the notebook's 2 × N figure: `sheet[.LAYER].METHOD[.aALPHA]`; with several alphas one row per
 * picture instead: `sheet[.LAYER].METHOD`. For several methods likewise one over all of them: `sheet[.LAYER].methods`.
 */
export function layOutSheets(
  subjects: readonly Subject[],
  variants: readonly Variant[],
  leftOut: number,
  legend: Scale | undefined,
): FinishedSheet[] {
  if (subjects.length === 0) return [];
  const below = {
    ...(leftOut === 0 ? {} : { caption: `The first ${subjects.length} of ${subjects.length + leftOut}.` }),
    ...(legend === undefined ? {} : { legend }),
  };
  const sheets: FinishedSheet[] = [];
  for (const layer of new Set(variants.map((variant) => variant.layer))) {
    const here = variants.filter((variant) => variant.layer === layer);
    const names = [...new Set(here.map(({ method }) => method.name))];
    for (const name of names) {
      const mixes = here.filter(({ method }) => method.name === name);
      sheets.push(
        mixes.length === 1
          ? {
              name: sheetName(layer, fullName(mixes[0]!), mixes[0]!.method.alpha),
              image: sheet(pairRows(subjects, mixes[0]!), {
                title: variantTitle(mixes[0]!),
                cellSize: sheetCellSize,
                ...below,
              }),
            }
          : {
              name: sheetName(layer, name),
              image: grid(subjects, mixes, mixes.map(mixTitle), 'inAlphaRow', {
                title: `${methods[name].title} for different ${mixes[0]!.method.alpha === undefined ? 'settings' : 'α'}`,
                ...below,
              }),
            },
      );
    }
    if (names.length > 1) {
      const image = grid(subjects, here, here.map(variantTitle), 'overlay', below);
      sheets.push({ name: sheetName(layer, 'methods'), image });
    }
  }
  return sheets;
}

function pairRows(subjects: readonly Subject[], { key }: Variant): SheetCell[][] {
  const rows: SheetCell[][] = [];
  for (let first = 0; first < subjects.length; first += PAIR_COLUMNS) {
    const chunk = subjects.slice(first, first + PAIR_COLUMNS);
    rows.push(chunk.map(({ photograph, file }) => ({ image: photograph, title: file })));
    rows.push(
      chunk.flatMap(({ cells, answer }) => {
        const cell = cells.get(key);
        return cell === undefined ? [] : [{ image: cell.overlay, title: answer }];
      }),
    );
  }
  return rows;
}

function grid(
  subjects: readonly Subject[],
  variants: readonly Variant[],
  titles: readonly string[],
  picture: 'overlay' | 'inAlphaRow',
  texts: { readonly title?: string; readonly caption?: string; readonly legend?: Scale },
): RgbaImage {
  const rows = subjects.map(({ photograph, cells }) => [
    { image: photograph },
    ...variants.map(({ key }) => {
      const cell = cells.get(key);
      return cell && { image: cell[picture] };
    }),
  ]);
  return sheet(rows, {
    ...texts,
    cellSize: sheetCellSize,
    columnLabels: ['picture', ...titles],
    rowLabels: subjects.map(({ file, answer }) => `${file}\n${answer}`),
  });
}

function fullName({ method }: Variant): string {
  return [method.name, ...methodParts(method)].join('.');
}

function mixTitle({ method }: Variant): string {
  if (method.alpha === undefined) return methodParts(method).join('\n') || 'defaults';
  if (method.alpha === 0) return 'α = 0\nLayerCAM';
  if (method.alpha === 1) return 'α = 1\nGrad-CAM';
  return `α = ${method.alpha}`;
}

function variantTitle({ method, layer }: Variant): string {
  const alpha = method.alpha === undefined ? '' : `, α = ${method.alpha}`;
  const set = methodParts(method).map((part) => `, ${part}`);
  return `${methods[method.name].title}${set.join('')}${alpha}${layer === undefined ? '' : ` at ${layer}`}`;
}

function sheetName(layer: string | undefined, method: string, alpha?: number): string {
  const parts = ['sheet'];
  if (layer !== undefined) parts.push(safePart(layer, 'layer'));
  parts.push(method);
  if (alpha !== undefined) parts.push(alphaPart(alpha));
  return parts.join('.');
}
