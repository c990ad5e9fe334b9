import { describe, expect, it } from 'vitest';
import { caseGroups, imageCases } from '../../src/report/image-cases.ts';
import { summarise } from '../../src/summary/summarise.ts';
import { series, toyRecords } from '../toy-records.ts';

const control = toyRecords(
  'random',
  series(12, () => 0.1),
).map((record) => ({ ...record, layer: '' }));
/** Image i scores i / 100 by the reference; hybrid is far above it on images 4 and 5, a little everywhere else. */
const records = [
  ...toyRecords(
    'grad-cam',
    series(12, (i) => i / 100),
  ),
  ...toyRecords(
    'hybrid',
    series(12, (i) => i / 100 + (i === 4 ? 0.5 : i === 5 ? 0.4 : 0.001 * i)),
    { alpha: 0.7 },
  ),
  ...control,
].map((record, i) =>
  // Images 0 and 1 are mistakes, 1 the more confident one.
  i % 12 < 2 ? { ...record, p: i % 12 === 1 ? 0.8 : 0.4, flags: ['misclassified'] } : record,
);

const groupsOf = (some: typeof records) =>
  caseGroups(imageCases(summarise(some, { resamples: 100 }), some)!).map(({ title, cases }) => [
    title,
    ...cases.map(({ record }) => Number(/\d+/.exec(record.image)![0])),
  ]);

describe('imageCases', () => {
  it('shows the reference, the best methods and the controls, most disagreement first', () => {
    const found = imageCases(summarise(records, { resamples: 100 }), records)!;
    expect(found.shown).toEqual(['grad-cam @ layer4', 'hybrid α0.7 @ layer4', 'random']);
    expect(found.reference).toBe('grad-cam @ layer4');
    expect(found.cases.slice(0, 2).map(({ record }) => record.image)).toEqual(['image-4.png', 'image-5.png']);
    expect(found.cases[0]!.spread).toBeCloseTo(0.5, 12);
    expect(imageCases([], [])).toBeUndefined();
  });
});

describe('caseGroups', () => {
  it('puts each image into one group: mistakes, then the worst, then disagreement', () => {
    expect(groupsOf(records)).toEqual([
      ['Explained class is not the true one', 1, 0],
      ['Worst insertion of grad-cam @ layer4', 2, 3, 4, 5],
      ['Methods disagree most', 11, 10, 9, 8],
    ]);
  });

  it('takes the highest for worst where lower is better', () => {
    const deletion = records.map((record) => ({ ...record, metric: 'deletion' }));
    expect(groupsOf(deletion)[1]).toEqual(['Worst deletion of grad-cam @ layer4', 11, 10, 9, 8]);
  });

  it('knows no worst where no end is better, and no disagreement with one method', () => {
    const entropy = records
      .filter(({ method }) => method === 'grad-cam')
      .map((record) => ({ ...record, metric: 'entropy' }));
    expect(groupsOf(entropy)).toEqual([['Explained class is not the true one', 1, 0]]);
  });
});
