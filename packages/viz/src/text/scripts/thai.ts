import { letters, spell } from './letters.ts';

const tables = /* @__PURE__ */ [
  letters(
    0xe01,
    'k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f ph m y r rue l lue w s s s h l o h -',
  ),
  letters(0xe30, 'a a a am i i ue ue u u -'),
  letters(0xe40, 'e ae o ai ai a - - - - - - - m - -'),
  letters(0xe50, '0 1 2 3 4 5 6 7 8 9'),
];

/** Royal letters, one by one: a vowel that is written before its consonant follows it, unwritten ones and tones are left out. */
export function thai(text: string): string {
  return text.replace(/[\u0e01-\u0e59]+/gu, (word) =>
    spell(
      word
        .replace(/[ก-ฮ][ิุ]?์/gu, '')
        .replace(/([เ-ไ])([ก-ฮ])/gu, '$2$1')
        .replace(/อ(?=[ะ-ูเ-ไ])/gu, ''),
      tables,
    ),
  );
}
