import { OptionError } from '@hybridcam/core';
import { type MethodRow, rowTitle } from '../evaluation/method-row.ts';
import { summaryTitle } from './summarise.ts';

/** @throws OptionError when `--reference` names none of the rows, by `method` or by `method @ layer` */
export function assertReference(
  wanted: string | undefined,
  rows: readonly Pick<MethodRow, 'method' | 'params' | 'layer'>[],
): void {
  if (wanted === undefined) return;
  const titles = [...new Set(rows.map(summaryTitle))];
  if (titles.includes(wanted) || rows.some((row) => rowTitle(row) === wanted)) return;
  throw new OptionError(
    `--reference: expected a row of the run; received "${wanted}". Rows: ${titles.join(', ')}.`,
  );
}
