import { type Row, rows } from '../rows.ts';

/** Modern Greek letter by letter. */
export const greek: readonly Row[] = /* @__PURE__ */ rows(
  '3b1 a v g d e z i th i k l m n x o p r s s t y f ch ps o',
);

/** Drops the accents. */
export function greekLetters(text: string): string {
  return text.replace(/[\u0370-\u03ff\u1f00-\u1fff]/gu, (letter) =>
    letter.normalize('NFD').replace(/\p{M}/gu, ''),
  );
}
