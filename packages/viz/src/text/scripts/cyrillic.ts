import { type Row, rows } from '../rows.ts';

/** Russian and its neighbours without marks. */
export const cyrillic: readonly Row[] = /* @__PURE__ */ rows(
  '430 a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya' +
    ' e yo dj g ye dz i yi j lj nj c k i u dz' +
    '|491 g',
);
