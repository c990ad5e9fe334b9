import { letters, spell } from './letters.ts';

const tables = /* @__PURE__ */ [
  letters(
    0x430,
    'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya e yo dj g ye dz i yi j lj nj c k i u dz',
  ),
  letters(0x491, 'g'),
];

/** Russian and its neighbours without marks. */
export function cyrillic(text: string): string {
  return text.replace(/[\u0400-\u0491]+/gu, (word) => spell(word, tables));
}
