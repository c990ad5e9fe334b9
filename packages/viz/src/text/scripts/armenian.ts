import { type Row, rows } from '../rows.ts';

/** Eastern Armenian without marks. */
export const armenian: readonly Row[] = /* @__PURE__ */ rows(
  '561 a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev',
);

/** The one vowel of two letters. */
export function armenianU(text: string): string {
  return text.replace(/ու/gu, 'u').replace(/Ո[ւՒ]/gu, 'U');
}
