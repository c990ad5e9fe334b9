import { letters, spell } from './letters.ts';

const tables = /* @__PURE__ */ [
  letters(0x561, 'a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev'),
];

/** Eastern Armenian without marks. */
export function armenian(text: string): string {
  return text.replace(/[Ա-Ֆա-և]+/gu, (word) =>
    spell(word.replace(/ու/gu, 'u').replace(/Ո[ւՒ]/gu, 'U'), tables),
  );
}
