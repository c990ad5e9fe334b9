import { OptionError } from '../errors.ts';

/** Where the square goes: its side, and the first row and column of each position. @throws OptionError */
export function occlusionGrid(
  [height, width]: readonly [height: number, width: number],
  { window, stride }: { readonly window?: number | undefined; readonly stride?: number | undefined },
): { readonly side: number; readonly rows: number[]; readonly columns: number[] } {
  const side = window ?? Math.ceil(Math.min(height, width) / 7);
  const step = stride ?? Math.ceil(side / 2);
  for (const [name, pixels] of [
    ['window', side],
    ['stride', step],
  ] as const) {
    if (!(Number.isInteger(pixels) && pixels >= 1)) {
      throw new OptionError(`occlusion: expected an integer ${name} ≥ 1; received ${pixels}.`);
    }
  }
  if (step > side) {
    throw new OptionError(
      `occlusion: expected stride ≤ window (${side}); received ${step}. Pixels between the squares would never be hidden.`,
    );
  }
  const starts = (extent: number): number[] =>
    Array.from({ length: Math.ceil(Math.max(extent - side, 0) / step) + 1 }, (_, i) => i * step);
  return { side, rows: starts(height), columns: starts(width) };
}
