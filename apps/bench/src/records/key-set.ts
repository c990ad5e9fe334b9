/** Keys that are there. */
export interface Keys {
  readonly size: number;
  has(key: string): boolean;
}

export interface KeySet extends Keys {
  add(key: string): void;
  delete(key: string): void;
}

/** A key as `contentKey` makes it: 80 bits. */
const DIGITS = /^[0-9a-f]{20}$/;
const WORDS = 3;
/** Above the 16 bits of a key's last word: this slot is taken. */
const TAKEN = 0x10000;

/**
 * A set of strings that keeps content keys as bits in one table: a run has as many as it has records, and with strings they were most of what
 * its memory grew by.
 */
export function createKeySet(): KeySet {
  const others = new Set<string>();
  let slots = new Uint32Array(WORDS * 1024);
  let mask = 1023;
  let count = 0;

  const isTaken = (slot: number): boolean => slots[WORDS * slot + 2] !== 0;
  const home = (words: Words): number => (words[0] ^ words[1] ^ words[2]) & mask;
  const wordsAt = (slot: number): Words => [
    slots[WORDS * slot]!,
    slots[WORDS * slot + 1]!,
    slots[WORDS * slot + 2]!,
  ];
  /** Where a key is, or the free slot where it would go. */
  const find = (words: Words): number => {
    let slot = home(words);
    while (isTaken(slot) && wordsAt(slot).some((word, i) => word !== words[i])) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    const before = slots;
    slots = new Uint32Array(2 * before.length);
    mask = 2 * mask + 1;
    for (let at = 0; at < before.length; at += WORDS) {
      const words: Words = [before[at]!, before[at + 1]!, before[at + 2]!];
      if (words[2] !== 0) slots.set(words, WORDS * find(words));
    }
  };

  return {
    get size() {
      return count + others.size;
    },
    has(key) {
      const words = wordsOf(key);
      return words ? isTaken(find(words)) : others.has(key);
    },
    add(key) {
      const words = wordsOf(key);
      if (!words) {
        others.add(key);
        return;
      }
      const slot = find(words);
      if (isTaken(slot)) return;
      slots.set(words, WORDS * slot);
      count++;
      if (count > 0.75 * mask) grow();
    },
    delete(key) {
      const words = wordsOf(key);
      if (!words) {
        others.delete(key);
        return;
      }
      let hole = find(words);
      if (!isTaken(hole)) return;
      count--;
      // What comes behind a hole and does not begin there closes it, or it would not be found any more.
      for (let slot = (hole + 1) & mask; isTaken(slot); slot = (slot + 1) & mask) {
        const moved = wordsAt(slot);
        if (((slot - home(moved)) & mask) < ((slot - hole) & mask)) continue;
        slots.set(moved, WORDS * hole);
        hole = slot;
      }
      slots.fill(0, WORDS * hole, WORDS * (hole + 1));
    },
  };
}

type Words = readonly [number, number, number];

/** The bits of a content key, as a slot holds them; undefined for any other string. */
function wordsOf(key: string): Words | undefined {
  if (!DIGITS.test(key)) return undefined;
  const bits = (from: number, to: number) => Number.parseInt(key.slice(from, to), 16);
  return [bits(0, 8), bits(8, 16), bits(16, 20) | TAKEN];
}
