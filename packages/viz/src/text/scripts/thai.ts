import { type Row, rows } from '../rows.ts';

/** Royal letters, one by one: unwritten vowels and tones are left out. */
export const thai: readonly Row[] = /* @__PURE__ */ rows(
  'e01 k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f ph m y r rue l lue w s s s h l o h -' +
    '|e30 a a a am i i ue ue u u -' +
    '|e40 e ae o ai ai a - - - - - - - m - -' +
    '|e50 0 1 2 3 4 5 6 7 8 9',
);

/** Drops silent letters and puts a vowel that is written before its consonant behind it. */
export function thaiOrder(text: string): string {
  return text
    .replace(/[ก-ฮ][ิุ]?์/gu, '')
    .replace(/([เ-ไ])([ก-ฮ])/gu, '$2$1')
    .replace(/อ(?=[ะ-ูเ-ไ])/gu, '');
}
