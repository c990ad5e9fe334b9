import { letters, soundOf } from './letters.ts';

const consonants = /* @__PURE__ */ [
  letters(0x915, 'k kh g gh ng ch chh j jh ny t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h'),
];
const others = /* @__PURE__ */ [
  letters(0x901, 'n n h'),
  letters(0x905, 'a a i i u u ri li e e e ai o o o au'),
  letters(0x93e, 'a i i u u ri ri e e e ai o o o au -'),
  letters(0x966, '0 1 2 3 4 5 6 7 8 9'),
];

/** As Hindi is read: a consonant has its `a` unless a vowel or virama follows or the word ends. Long vowels are not marked. */
export function devanagari(text: string): string {
  return text.replace(/[\u0901-\u096f]+/gu, (word) => {
    const characters = [...word].filter((character) => character !== '\u093c');
    return characters
      .map((character, i) => {
        const consonant = soundOf(character, consonants);
        if (consonant === undefined) return soundOf(character, others) ?? character;
        const next = characters[i + 1];
        const silent = next === undefined ? i > 0 : /[\u093e-\u094d]/u.test(next);
        return silent ? consonant : `${consonant}a`;
      })
      .join('');
  });
}
