import { letters, spell } from './letters.ts';

const digits = '0 1 2 3 4 5 6 7 8 9';
const tables = /* @__PURE__ */ [
  letters(0x621, '- a a w i y a b a t th j h kh d dh r z s sh s d t z a gh'),
  letters(0x640, '- f q k l m n h w a y an un in a u i - -'),
  letters(0x660, digits),
  // Of Persian and Urdu.
  letters(0x679, 't'),
  letters(0x67e, 'p'),
  letters(0x686, 'ch'),
  letters(0x688, 'd'),
  letters(0x691, 'r'),
  letters(0x698, 'zh'),
  letters(0x6a9, 'k'),
  letters(0x6af, 'g'),
  letters(0x6ba, 'n'),
  letters(0x6be, 'h'),
  letters(0x6c1, 'h'),
  letters(0x6cc, 'y'),
  letters(0x6d2, 'e'),
  letters(0x6f0, digits),
];

/** Letter by letter: short vowels appear only where they are written. */
export function arabic(text: string): string {
  return text.replace(/[\u0621-\u0669\u0679-\u06f9]+/gu, (word) => spell(word, tables));
}
