import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentKey } from '../../src/records/canonical-json.ts';
import { createKeySet } from '../../src/records/key-set.ts';

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** Few enough that they meet, and about the ends of the table of 1024 slots, so that they collide: content keys and strings that are none. */
const crowded = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 1, 2, 1022, 1023))
    .map(([i, slot]) => `${hex(1024 * i, 8)}${hex(slot, 8)}${hex(0, 4)}`),
  fc.integer({ min: 0, max: 9 }).map((i) => `${hex(0, 16)}${hex(i, 4)}`),
  fc.constantFrom('', 'key', 'A'.repeat(20), 'a'.repeat(20), 'a'.repeat(21), 'f'.repeat(20)),
);

describe('createKeySet', () => {
  it('is the set that Set is, whatever is added and deleted in whatever order', () => {
    const adds = fc.constantFrom(true, true, false);
    const steps = fc.array(fc.record({ adds, key: crowded }), { maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(steps, fc.array(crowded), (taken, asked) => {
        const ours = createKeySet();
        const theirs = new Set<string>();
        for (const { adds, key } of taken) {
          for (const set of [ours, theirs]) adds ? set.add(key) : set.delete(key);
          expect(ours.size).toBe(theirs.size);
        }
        for (const key of [...taken.map((step) => step.key), ...asked])
          expect(ours.has(key)).toBe(theirs.has(key));
      }),
    );
  });

  it('keeps 100 000 content keys, of which half are deleted again', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => contentKey(i));
    const set = createKeySet();
    for (const key of keys) set.add(key);
    expect(set.size).toBe(100_000);
    keys.forEach((key, i) => {
      if (i % 2 === 0) set.delete(key);
    });
    expect(set.size).toBe(50_000);
    expect(keys.filter((key, i) => set.has(key) !== (i % 2 === 1))).toEqual([]);
    expect(set.has(contentKey('another'))).toBe(false);
  });
});
