import { describe, expect, it } from 'vitest';
import { summarise, summaryTitle } from '../../src/summary/summarise.ts';
import { summaryCsv } from '../../src/summary/summary-csv.ts';
import { summaryTable } from '../../src/summary/summary-table.ts';
import { series, toyRecords } from '../toy-records.ts';

const noise = (i: number) => 0.01 * Math.sin(3 * i);

describe('summarise', () => {
  const records = [
    ...toyRecords(
      'grad-cam',
      series(60, (i) => 0.5 + noise(i)),
    ),
    ...toyRecords(
      'hybrid',
      series(60, (i) => 0.55 + noise(i) + 0.001 * Math.cos(i)),
      { alpha: 0.7 },
    ),
    ...toyRecords('layer-cam', [...series(59, (i) => 0.5 + noise(i) + 1e-4 * Math.cos(5 * i)), null]),
  ];

  it('compares with Grad-CAM on the images both have', () => {
    const rows = summarise(records);
    const [reference, hybrid, layerCam] = rows;
    expect(reference).toMatchObject({ isReference: true, count: 60 });
    expect(summaryTitle(hybrid!)).toBe('hybrid α0.7 @ layer4');
    expect(hybrid!.comparison).toMatchObject({ verdict: 'better', count: 60, winRate: 1 });
    expect(hybrid!.comparison!.meanDifference).toBeCloseTo(0.05, 3);
    expect(layerCam).toMatchObject({ count: 59, excluded: 1 });
    expect(layerCam!.comparison).toMatchObject({ verdict: 'equivalent', count: 59 });
  });

  it('takes the reference at the layer that was asked for first, in whatever order the records come', () => {
    const at = (layer: string) => toyRecords('grad-cam', [0.1, 0.2]).map((record) => ({ ...record, layer }));
    const both = [...at('layer3'), ...at('layer4')];
    for (const order of [both, both.toReversed()]) {
      const rows = summarise(order, { layers: ['layer4', 'layer3'] });
      expect(rows.find(({ isReference }) => isReference)!.layer).toBe('layer4');
    }
  });

  it('turns the verdict where lower is better, and takes another reference by its title', () => {
    const turned = records.map((record) => ({ ...record, metric: 'deletion' }));
    expect(summarise(turned)[1]!.comparison!.verdict).toBe('worse');
    expect(summarise(turned, { reference: 'hybrid α0.7' })[0]!.comparison!.verdict).toBe('better');
  });

  it('counts only correctly classified images for localisation', () => {
    const rows = summarise([
      ...toyRecords('grad-cam', [0.5, 0.6], { metric: 'energy' }),
      ...toyRecords('grad-cam', [0.1], { metric: 'energy', flags: ['misclassified'] }).map((r) => ({
        ...r,
        sha256: 'z',
      })),
    ]);
    expect(rows[0]).toMatchObject({ count: 2, excluded: 1, mean: 0.55 });
  });

  it('judges by Holm over the rows of a metric, and says where no image count like this could decide', () => {
    const gaps = [0.1, 0.11, 0.12, 0.13, 0.14, 0.15];
    const reference = toyRecords(
      'grad-cam',
      series(6, () => 0.5),
    );
    const higher = toyRecords(
      'layer-cam',
      gaps.map((gap) => 0.5 + gap),
    );
    const noisy = ['x', 'y'].map((name) =>
      toyRecords(
        name,
        gaps.map((gap, i) => 0.5 + (i % 2 ? gap : -gap)),
      ),
    );
    const layerCam = (records: typeof reference) =>
      summarise(records).find(({ method }) => method === 'layer-cam')!.comparison!;
    expect(layerCam([...reference, ...higher])).toMatchObject({ verdict: 'better', tooFew: false });
    const among = layerCam([...reference, ...higher, ...noisy.flat()]);
    expect(among.interval!.low).toBeGreaterThan(0);
    expect(among.pHolm).toBeGreaterThan(0.05);
    expect(among).toMatchObject({ verdict: 'inconclusive', tooFew: true });
    expect(summaryTable(summarise([...reference, ...higher, ...noisy.flat()]))).toMatch(/too few, n≥\d+/);
  });

  it('prints a table that fits 80 columns', () => {
    const text = summaryTable(summarise(records));
    expect(text).toContain('Insertion AUC (rise; higher is better; n = 60)');
    expect(text).toContain('better +0.05');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('summaryCsv', () => {
  it('leaves cells empty where there is nothing to average', () => {
    const row = (values: (number | null)[]) =>
      summaryCsv(summarise(toyRecords('grad-cam', values)))
        .split('\n')[1]!
        .split(',')
        .slice(5, 11);
    expect(row([null, null])).toEqual(['0', '2', '', '', '', '']);
    expect(row([0.5, null])).toEqual(['1', '1', '0.5', '', '', '']);
    expect(row([0, 0]).slice(0, 4)).toEqual(['2', '0', '0', '0']);
  });

  it('quotes commas and disarms formulas in names', () => {
    const rows = summarise(
      toyRecords('grad-cam', [0.5, 0.6]).map((record) => ({ ...record, layer: '=cmd|"a",b' })),
    );
    expect(summaryCsv(rows).split('\n')[1]).toContain('"\'=cmd|""a"",b"');
  });
});
