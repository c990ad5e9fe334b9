import { describe, expect, it } from 'vitest';
import { claimsText } from '../../src/claims/claims-table.ts';
import { notebookClaims } from '../../src/claims/notebook-claims.ts';
import { series, toyRecords } from '../toy-records.ts';

const wave = (i: number) => 0.02 * Math.sin(3 * i);
const equalTimes = { gradCam: [2, 2, 2], layerCam: [2, 2, 2], hybrid: [2.1, 2, 2.1] };
const options = { layer: 'layer4', seed: 0 };

function insertion(gap: number, spread: number) {
  const hybrid = (i: number) => 0.5 + wave(i) + gap + spread * Math.cos(7 * i);
  return [
    ...toyRecords(
      'grad-cam',
      series(80, (i) => 0.5 + wave(i)),
    ),
    ...[0, 0.3, 0.5, 0.7, 1].flatMap((alpha) =>
      toyRecords(
        'hybrid',
        series(80, (i) => hybrid(i) - 0.1 * Math.abs(alpha - 0.7)),
        { alpha },
      ),
    ),
  ];
}

const verdictOf = (records: ReturnType<typeof insertion>, sentence: RegExp) =>
  notebookClaims(records, equalTimes, options).find((claim) => sentence.test(claim.sentence))!;

describe('notebookClaims', () => {
  it('holds where the interval lies above zero, fails below, is undecided across with the images it needs', () => {
    expect(verdictOf(insertion(0.05, 0.001), /better insertion AUC than Grad-CAM$/).verdict).toBe('holds');
    expect(verdictOf(insertion(-0.05, 0.001), /better insertion AUC than Grad-CAM$/).verdict).toBe('fails');
    const open = verdictOf(insertion(0.003, 0.3), /^Hybrid .* better insertion AUC than Grad-CAM$/);
    expect(open.verdict).toBe('undecided');
    expect(open.needed).toBeGreaterThan(80);
  });

  it('does not call a difference that does not matter an advantage', () => {
    const claim = verdictOf(insertion(0.0005, 0.0001), /^Hybrid .* better insertion AUC than Grad-CAM$/);
    expect(claim).toMatchObject({ verdict: 'fails' });
    expect(claim.finding).toContain('no difference that matters');
  });

  it('names an n where the estimate itself lies near the margin, where power alone would say that there are enough', () => {
    // The interval crosses zero, and 71 images would have the power to see the margin.
    const claim = verdictOf(insertion(0.0025, 0.0212), /^Hybrid .* better insertion AUC than Grad-CAM$/);
    expect(claim.verdict).toBe('undecided');
    expect(claim.needed).toBeGreaterThan(80);
    // Maps that all score nothing leave no margin to compute from.
    const zero = insertion(0, 0.1).map((record, i) => ({
      ...record,
      value: record.method === 'grad-cam' ? 0 : 0.1 * Math.cos(2 * i) + 0.005,
    }));
    const open = verdictOf(zero, /^Hybrid .* better insertion AUC than Grad-CAM$/);
    expect(open).toMatchObject({ verdict: 'undecided', needed: expect.any(Number) });
    expect(open.needed).toBeGreaterThan(80);
  });

  it('judges the layer it is told, where the records hold two', () => {
    const other = insertion(-0.05, 0.001).map((record) => ({
      ...record,
      key: `${record.key}'`,
      layer: 'layer3',
    }));
    const both = [...other, ...insertion(0.05, 0.001)];
    expect(verdictOf(both, /^Hybrid .* better insertion AUC than Grad-CAM$/)).toMatchObject({
      verdict: 'holds',
      count: 80,
    });
  });

  it('calls 0.7 optimal only when every other alpha is worse, with an interval for each', () => {
    const holds = verdictOf(insertion(0, 0.001), /optimal/);
    expect(holds).toMatchObject({ verdict: 'holds', count: 80, needed: undefined });
    expect(holds.finding).toMatch(/^α 0 −0\.0700 \[−0\.0700, −0\.0700\] worse; α 0\.3 /);
    const changed = (gain: (i: number) => number) =>
      verdictOf(
        insertion(0, 0.001).map((record, i) =>
          record.params['alpha'] === 0.3 ? { ...record, value: record.value! + 0.04 + gain(i) } : record,
        ),
        /optimal/,
      );
    expect(changed(() => 0.2)).toMatchObject({
      verdict: 'fails',
      finding: expect.stringMatching(/α 0\.3 .* better/),
    });
    expect(changed((i) => 1e-4 * Math.sin(i))).toMatchObject({
      verdict: 'fails',
      finding: expect.stringMatching(/α 0\.3 .* as good/),
    });
    const open = changed((i) => 0.3 * Math.sin(i));
    expect(open).toMatchObject({
      verdict: 'undecided',
      finding: expect.stringMatching(/α 0\.3 .* undecided/),
    });
    expect(open.needed).toBeGreaterThan(80);
  });

  it('calls costs the same by the interval of their ratio, and undecided without times or with a wide interval', () => {
    const cost = (hybrid: readonly number[]) =>
      notebookClaims([], { gradCam: hybrid.map(() => 2), layerCam: hybrid.map(() => 2), hybrid }, options).at(
        -1,
      )!;
    const times = (of: (i: number) => number) => series(30, of);
    expect(cost(times((i) => 2 + 0.05 * Math.sin(i)))).toMatchObject({
      verdict: 'holds',
      count: 30,
      finding: expect.stringMatching(/^(\d\.\d{3}) \[\d\.\d{3}, \d\.\d{3}\] × Grad-CAM, \1/),
    });
    expect(cost(times((i) => 3 + 0.05 * Math.sin(i))).verdict).toBe('fails');
    const open = cost(times((i) => 2.2 + 1.5 * Math.sin(i)));
    expect(open.verdict).toBe('undecided');
    expect(open.needed).toBeGreaterThan(30);
    expect(cost([])).toMatchObject({
      verdict: 'undecided',
      count: 0,
      finding: expect.stringContaining('not measured'),
    });
    expect(cost([2])).toMatchObject({ verdict: 'undecided', count: 1 });
  });

  it('says what is not measurable instead of guessing', () => {
    expect(verdictOf(insertion(0, 0.1), /sharper boundaries than Grad-CAM/)).toMatchObject({
      verdict: 'undecided',
      count: 0,
    });
  });

  it('prints every claim in narrow lines', () => {
    const text = claimsText(notebookClaims(insertion(0, 0.1), equalTimes, options));
    expect(text).toContain('holds      The hybrid costs the same');
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});
