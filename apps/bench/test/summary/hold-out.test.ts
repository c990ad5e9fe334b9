import { describe, expect, it } from 'vitest';
import type { MetricRecord } from '../../src/records/record.ts';
import { tuningCaveats } from '../../src/report/caveats.ts';
import { holdOut } from '../../src/summary/hold-out.ts';
import { summarise, summaryTitle } from '../../src/summary/summarise.ts';
import { series, toyRecords } from '../toy-records.ts';

const by = { metric: 'insertion', preset: 'rise' } as const;
const noise = (i: number) => 0.01 * Math.sin(5 * i);
const alphas = [0, 0.5, 1].flatMap((alpha) =>
  toyRecords(
    'hybrid',
    series(100, (i) => (alpha === 0.5 ? 0.6 : 0.5) + noise(i)),
    { alpha },
  ),
);
const at = (layer: string, records: typeof alphas, gain = 0) =>
  records.map((record) => ({ ...record, key: `${layer}-${record.key}`, layer, value: record.value! + gain }));
const titles = (records: readonly MetricRecord[]) => [...new Set(records.map(summaryTitle))].sort();
const images = (records: readonly MetricRecord[]) => new Set(records.map(({ sha256 }) => sha256));

describe('holdOut', () => {
  it('chooses alpha on one half and reports the other half only', () => {
    const { records: judged, choices, isHeldOut } = holdOut(alphas, by);
    expect(isHeldOut).toBe(true);
    expect(choices).toEqual([
      expect.stringMatching(
        /^hybrid α0\.5 @ layer4: chosen among 3 by insertion \(rise\) on \d+ images that are not judged\.$/,
      ),
    ]);
    expect(titles(judged)).toEqual(['hybrid α0.5 @ layer4']);
    const tuned = Number(/on (\d+) images/.exec(choices[0]!)![1]);
    expect(judged.length + tuned).toBe(100);
    expect(tuned).toBeGreaterThan(30);
    expect(tuned).toBeLessThan(70);
  });

  it('chooses by what the choosing half says, not the judged one', () => {
    const judged = images(holdOut(alphas, by).records);
    // On the judged images another alpha is far better; nobody may have looked.
    const misleading = alphas.map((record) =>
      judged.has(record.sha256) && record.params['alpha'] === 1 ? { ...record, value: 0.99 } : record,
    );
    expect(titles(holdOut(misleading, by).records)).toEqual(['hybrid α0.5 @ layer4']);
  });

  it('chooses the layer too, with alpha in one choice; what has no choice and controls stay', () => {
    const records = [
      ...at('layer3', alphas, 0.2),
      ...at('layer4', alphas),
      ...at(
        'layer3',
        toyRecords(
          'grad-cam',
          series(100, () => 0.2),
        ),
      ),
      ...at(
        'layer4',
        toyRecords(
          'grad-cam',
          series(100, () => 0.5),
        ),
      ),
      ...at(
        'layer1 × layer4',
        toyRecords(
          'cross-layer-hybrid',
          series(100, () => 0.5),
          { alpha: 0.7 },
        ),
      ),
      ...at(
        '',
        toyRecords(
          'random',
          series(100, () => 0.3),
        ),
      ),
    ];
    const { records: judged, choices } = holdOut(records, by);
    expect(titles(judged)).toEqual([
      'cross-layer-hybrid α0.7 @ layer1 × layer4',
      'grad-cam @ layer4',
      'hybrid α0.5 @ layer3',
      'random',
    ]);
    expect(choices.map((choice) => choice.split(':')[0])).toEqual([
      'hybrid α0.5 @ layer3',
      'grad-cam @ layer4',
    ]);
    // The lower value is the better one for deletion.
    const deletion = records.map((record) => ({ ...record, metric: 'deletion' }));
    const lower = holdOut(deletion, { metric: 'deletion', preset: 'rise' });
    expect(titles(lower.records)).toContain('grad-cam @ layer3');
  });

  it('keeps a reference that the user named beside the choices', () => {
    const named = (reference: string) =>
      titles([
        ...holdOut([...at('layer3', alphas), ...at('layer4', alphas)], by, {
          reference,
          layers: ['layer4', 'layer3'],
        }).records,
      ]);
    expect(named('hybrid α1 @ layer3')).toEqual(['hybrid α0.5 @ layer3', 'hybrid α1 @ layer3']);
    expect(named('hybrid α0')).toEqual(['hybrid α0 @ layer4', 'hybrid α0.5 @ layer3']);
  });

  it('says so and judges everything where no half is left to choose or to judge by', () => {
    const { records } = holdOut(alphas, by);
    const half = images(records);
    const onlyJudged = alphas.filter(({ sha256 }) => half.has(sha256));
    const onlyChoosing = alphas.filter(({ sha256 }) => !half.has(sha256));
    for (const some of [onlyJudged, onlyChoosing, toyRecords('grad-cam', series(50, noise))]) {
      const { records: all, choices, isHeldOut } = holdOut(some, by);
      expect(isHeldOut).toBe(false);
      expect(all).toEqual(some);
      expect(choices).toEqual([expect.stringMatching(/^Nothing was held out: .+ All images are judged\.$/)]);
    }
  });
});

describe('tuningCaveats', () => {
  it('flags alphas and layers that one could pick the best of; a single row, several methods and controls are no choice', () => {
    const flagged = (records: typeof alphas) => tuningCaveats(summarise(records, { resamples: 100 }));
    const single = alphas.filter(({ params }) => params['alpha'] === 0.5);
    expect(flagged(alphas)).toEqual([expect.stringMatching(/3 values of α .*--holdout/)]);
    expect(flagged([...at('layer3', single), ...at('layer4', single)])).toEqual([
      expect.stringMatching(/2 layers .*--holdout/),
    ]);
    const others = [
      ...at('layer3', toyRecords('layer-cam', [0.1, 0.2])),
      ...at('', toyRecords('random', [0.1, 0.2])),
    ];
    expect(flagged([...single, ...others])).toEqual([]);
  });
});
