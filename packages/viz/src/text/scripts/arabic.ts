import { type Row, rows } from '../rows.ts';

/** Letter by letter: short vowels appear only where they are written. */
export const arabic: readonly Row[] = /* @__PURE__ */ rows(
  '621 - a a w i y a b a t th j h kh d dh r z s sh s d t z a gh' +
    '|640 - f q k l m n h w a y an un in a u i - -' +
    '|660 0 1 2 3 4 5 6 7 8 9' +
    // Of Persian and Urdu.
    '|679 t|67e p|686 ch|688 d|691 r|698 zh|6a9 k|6af g|6ba n|6be h|6c1 h|6cc y|6d2 e' +
    '|6f0 0 1 2 3 4 5 6 7 8 9',
);
