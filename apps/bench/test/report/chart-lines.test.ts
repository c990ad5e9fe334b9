import { describe, expect, it } from 'vitest';
import { chartLines } from '../../src/report/chart-lines.ts';
import { summarise } from '../../src/summary/summarise.ts';
import { series, toyRecords } from '../toy-records.ts';

/** Eleven alphas of which 1 inserts best and 0 deletes best, the reference between them, and three controls. */
const records = (['insertion', 'deletion'] as const).flatMap((metric) => [
  ...toyRecords(
    'grad-cam',
    series(4, (i) => 0.5 + 0.01 * i),
    { metric },
  ),
  ...series(11, (step) => step / 10).flatMap((alpha) =>
    toyRecords(
      'hybrid',
      series(4, (i) => alpha + 0.01 * i),
      { metric, alpha },
    ),
  ),
  ...['oracle', 'centre', 'random'].flatMap((control) =>
    toyRecords(
      control,
      series(4, (i) => 0.3 + 0.01 * i),
      { metric },
    ).map((record) => ({ ...record, layer: '' })),
  ),
]);

describe('chartLines', () => {
  it('draws the best of each metric by its own direction, the reference and one control, six in all', () => {
    expect(chartLines(summarise(records))).toEqual([
      'grad-cam @ layer4',
      'random',
      'hybrid α1 @ layer4',
      'hybrid α0 @ layer4',
      'hybrid α0.9 @ layer4',
      'hybrid α0.1 @ layer4',
    ]);
  });

  it('takes the centre where there is no random control, and draws all of a few', () => {
    const few = records.filter(
      ({ method, params }) => method !== 'random' && Number(params['alpha'] ?? 0) <= 0.1,
    );
    expect(chartLines(summarise(few))).toEqual([
      'grad-cam @ layer4',
      'centre',
      'hybrid α0 @ layer4',
      'hybrid α0.1 @ layer4',
    ]);
    expect(chartLines([])).toEqual([]);
  });
});
