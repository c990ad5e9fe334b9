import { describe, expect, it } from 'vitest';
import { metaEvaluation } from '../../src/summary/meta-evaluation.ts';
import { toyRecords } from '../toy-records.ts';

const energies = [0.1, 0.3, 0.5, 0.9];
const family = (metric: string, of: (energy: number) => number) =>
  energies.flatMap((energy, i) => toyRecords(`m${i}`, [of(energy), of(energy)], { metric }));

describe('metaEvaluation', () => {
  it('is 1 for a metric that ranks as the truth does, in its own direction, and −1 for its opposite', () => {
    const trust = metaEvaluation([
      ...family('energy', (energy) => energy),
      ...family('insertion', (energy) => energy ** 3),
      ...family('deletion', (energy) => 1 - energy),
      ...family('entropy', (energy) => -energy),
    ]);
    const energy = trust.map(({ metric, agreements }) => [metric, agreements.get('energy')!] as const);
    expect(energy.map(([metric, { correlation, count }]) => [metric, correlation, count])).toEqual([
      ['insertion', 1, 2],
      ['deletion', 1, 2],
      ['entropy', -1, 2],
    ]);
  });

  it('holds a metric against each truth by itself, and two boxes of one image are two', () => {
    const [trust] = metaEvaluation([
      ...family('energy', (energy) => energy),
      ...family('rank-accuracy', (energy) => -energy),
      ...family('intervention', (energy) => energy * 2),
      ...family('insertion', (energy) => energy),
    ]);
    const rhos = [...trust!.agreements].map(([truth, { correlation }]) => [truth, correlation]);
    expect(rhos).toEqual([
      ['energy', 1],
      ['rank-accuracy', -1],
      ['intervention', 1],
    ]);
    const boxed = (truth: string, of: (energy: number) => number) =>
      family('energy', of).map((record) => ({ ...record, key: `${record.key}${truth}`, truth }));
    const [two] = metaEvaluation([
      ...boxed('a', (energy) => energy),
      ...boxed('b', (energy) => -energy),
      ...family('insertion', (energy) => energy),
    ]);
    expect(two!.agreements.get('energy')).toMatchObject({ correlation: 0, count: 4 });
  });

  it('says nothing without masks or with too few maps', () => {
    expect(metaEvaluation(family('insertion', (energy) => energy))).toEqual([]);
    expect(metaEvaluation([...toyRecords('a', [1], { metric: 'energy' }), ...toyRecords('a', [1])])).toEqual(
      [],
    );
  });
});
