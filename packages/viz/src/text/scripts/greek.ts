import { letters, spell } from './letters.ts';

const tables = /* @__PURE__ */ [letters(0x3b1, 'a v g d e z i th i k l m n x o p r s s t y f ch ps o')];

/** Modern Greek letter by letter; accents are dropped. */
export function greek(text: string): string {
  return text.replace(/[\u0370-\u03ff\u1f00-\u1fff]+/gu, (word) =>
    spell(word.normalize('NFD').replace(/\p{M}/gu, ''), tables),
  );
}
