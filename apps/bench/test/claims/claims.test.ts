import { describe, expect, it } from 'vitest';
import { notebookClaims } from '../../src/claims/claims.ts';
import { claimsText } from '../../src/claims/claims-table.ts';
import { series, toyRecords } from '../toy-records.ts';

const wave = (i: number) => 0.02 * Math.sin(3 * i);
const equalTimes = { gradCam: [2, 2, 2], layerCam: [2, 2, 2], hybrid: [2.1, 2, 2.1] };

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
  notebookClaims(records, equalTimes, 0).find((claim) => sentence.test(claim.sentence))!;

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

  it('calls 0.7 optimal only when every other alpha is worse', () => {
    expect(verdictOf(insertion(0, 0.001), /optimal/)).toMatchObject({ verdict: 'holds', count: 80 });
    const better = insertion(0, 0.001).map((record) =>
      record.params['alpha'] === 0.3 ? { ...record, value: record.value! + 0.2 } : record,
    );
    expect(verdictOf(better, /optimal/)).toMatchObject({ verdict: 'fails' });
    expect(verdictOf(better, /optimal/).finding).toContain('better: 0.3');
  });

  it('says what is not measurable instead of guessing', () => {
    expect(verdictOf(insertion(0, 0.1), /sharper boundaries than Grad-CAM/)).toMatchObject({
      verdict: 'undecided',
      count: 0,
    });
  });

  it('prints every claim in narrow lines', () => {
    const text = claimsText(notebookClaims(insertion(0, 0.1), equalTimes, 0));
    expect(text).toContain('holds      The hybrid costs the same');
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(90);
  });
});
