import { type Row, rows } from '../rows.ts';

export const devanagari: readonly Row[] = /* @__PURE__ */ rows(
  '901 n n h' +
    '|905 a a i i u u ri li e e e ai o o o au' +
    '|915 k kh g gh ng ch chh j jh ny t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h' +
    '|93e a i i u u ri ri e e e ai o o o au -' +
    '|966 0 1 2 3 4 5 6 7 8 9',
);

/** Writes the `a` that a consonant has unless a vowel or virama follows or the word ends, as Hindi is read. Long vowels are not marked. */
export function devanagariVowels(text: string): string {
  return text
    .replace(/\u093c/gu, '')
    .replace(/[क-ह](?=[\u0901-\u093d\u094e-\u096f])|(?<![\u0901-\u096f])[क-ह](?![\u0901-\u096f])/gu, '$&a');
}
