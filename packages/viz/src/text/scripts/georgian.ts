import { type Row, rows } from '../rows.ts';

/** The national romanisation without its apostrophes. */
export const georgian: readonly Row[] = /* @__PURE__ */ rows(
  '10d0 a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h',
);
