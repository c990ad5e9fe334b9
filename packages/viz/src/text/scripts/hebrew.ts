import { type Row, rows } from '../rows.ts';

/** Letter by letter: vowels appear only where a letter stands for one. */
export const hebrew: readonly Row[] = /* @__PURE__ */ rows(
  '5d0 a b g d h v z h t y kh k l m m n n s a f p ts ts k r sh t',
);

/** Leaves the points out. */
export function hebrewLetters(text: string): string {
  return text.replace(/[א-ת][א-ת\u0591-\u05c7]*/gu, (word) => word.replace(/\p{M}/gu, ''));
}
