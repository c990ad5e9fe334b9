import { type Row, rows } from '../rows.ts';

/** Revised Romanization letter by letter: what a syllable decomposes into, initials, vowels and finals. */
export const hangul: readonly Row[] = /* @__PURE__ */ rows(
  '1100 g kk n d tt r m b pp s ss - j jj ch k t p h' +
    '|1161 a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i' +
    '|11a8 k k k n n n t l k m l l l p l m p p t t ng t t k t p t',
);
