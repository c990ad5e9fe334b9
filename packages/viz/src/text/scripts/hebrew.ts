import { letters, spell } from './letters.ts';

const tables = /* @__PURE__ */ [letters(0x5d0, 'a b g d h v z h t y kh k l m m n n s a f p ts ts k r sh t')];

/** Letter by letter: vowels appear only where a letter stands for one, points are left out. */
export function hebrew(text: string): string {
  return text.replace(/[א-ת][א-ת\u0591-\u05c7]*/gu, (word) => spell(word.replace(/\p{M}/gu, ''), tables));
}
