import { letters, spell } from './letters.ts';

const tables = /* @__PURE__ */ [
  letters(0x10d0, 'a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h'),
];

/** The national romanisation without its apostrophes. */
export function georgian(text: string): string {
  return text.replace(/[ა-ჰ]+/gu, (word) => spell(word, tables));
}
