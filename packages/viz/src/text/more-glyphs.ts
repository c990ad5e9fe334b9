import { type Row, rows } from './rows.ts';

/**
 * What our font draws beyond ASCII, in the notation of `asciiGlyphs`. One character in place of a skeleton names the glyph that
 * looks like this one.
 */
export const moreGlyphs: readonly Row[] = /* @__PURE__ */ rows(
  // Latin
  'a1 0009,0e 7c~6e4e~0e09~0444~6476,4g42 8g~8i5i~2i2e~270484,0b6b ' + // ¡ ¢ £
    '~16~1d~8d~86!,0416,9485,0f1d,9f8d 0i5bai,5b54,1b9b,1898 0k0c,0800 ' + // ¤ ¥ ¦
    '6h~6j3j~0j0h~0f3d~6b69~6737,0d~0b39~6765~6333~0305 0i,4i ' + // § ¨
    '~04~0i~ei~e4!,ad~9e7e~4e4b~4878~98a9 - 4d0945,8d4985 0b8b87 - ' + // © « ¬
    '~04~0i~ei~e4!,575e8e~ae~aa8a5a,8aa7 0h5h ~0d~0i~5i~5d! 4e48,0b8b,0484 - - 0g2j μ ' + // ® ¯ ° ± ´
    '9i5i~0i0e~0a5a,5i54,8i84 0a 2443~4361~4010 - - 0d4905,4d8945 - - - ' + // ¶ · ¸ »
    '73~7030~0003~06484a,4e' + // ¿
    '|c6 047iei,7i74e4,7bdb,2979' + // Æ
    '|d0 242i6i~ci~c46424,0b6b' + // Ð
    '|d7 0d85,058d ~04~0i~bi~b4!,14ai' + // × Ø
    '|de 040i,0f5f~9f9b~975707 040e~0i4i~8i8f~8c5c~9c98~9454' + // Þ ß
    '|e6 0c~1e4e~6e6a69,6a3a~0a07~0434~6468,69e9~eeae~6e69~64a4~d4e6' + // æ
    '|f0 ~04~0d~8d~84!,88~8f2i,2e7i' + // ð
    '|f7 0989,4d,45 ~04~0e~8e~84!,048e' + // ÷ ø
    '|fe 0i00,09~0e4e~8e89~8444~0409' + // þ
    '|111 8i84,89~8e4e~0e09~0444~8489,4gag' + // đ
    '|131 040e' + // ı
    '|141 2i24a4,0a6e 2i27~2444,0a4e' + // Ł ł
    '|152 ei7i~0i0b~0474e4,7i74,7bdb ~04~0e~7e~74!,79e9~eebe~7e79~74b4~d4e6' + // Œ œ
    '|2bc ’' +
    // Greek
    '|391 A B 040i8i 045ia4! E Z H ~04~0i~bi~b4!,2b9b I K 045ia4 M N 0i9i,1b8b,0494 O ' + // Γ Δ Θ Λ Ξ
    '040i9i94 P - 9i0i5b0494 T Y ~06~0g~ag~a6!,5i54 X 0i0d~0959~a9adai,5i54 ' + // Π Σ Φ Ψ
    '0434~080c~0i5i~aiac~a874a4' + // Ω
    '|3b1 9e~7444~0409~0e4e~7e94 000e~0i4i~8i8f~8c4c3c,4c~9c98~9444~0407 0e438e,4340 ' + // α β γ
    '7h~6i4i~1i1g~1e5d~8b88~8444~0408~0c4d5d 7c~6e4e~1e1c~1a4a5a,4a~0a07~0444~6476 ' + // δ ε
    '1i7i~0b07~0444~7472~7050 040e,09~0e4e~7e7a70 ~04~0i~8i~84!,0b8b 0e07~0424 ' + // ζ η θ ι
    '040e,7e08,3b74 0i~2i3f84,4c04 0e00,07~0434~7479,7e74 v ' + // κ λ μ
    '6i3i~1i1f~1c4c5c,4c~0c08~0444~7472~7050 o 0e9e,2e24,7e77~7494 ' + // ξ π
    '0009~0e4e~8e89~8444~0409 7c~6e4e~0e09~0444~7472~7050 9e4e~0e09~0444~8489~8c6e ' + // ρ ς σ
    '0e7e,3e37~3464 0e08~0444~8489~8c7e ~04~0e~8e~84!,4i40 0e80,8e00 ' + // τ υ φ χ
    '0e0a~0454~a4aaae,5i50 2e~0d08~0434~5458,5b58~5474~a4a8~ad8e' + // ψ ω
    '|3d1 θ - - - φ' +
    '|3f5 ε' +
    // Cyrillic
    '|404 af~9i5i~0i0b~0454~94a7,0b6b S I - J' + // Є
    '|40f 0i04949i,5451 A 8i0i0444~9498~9c4c0c B Γ 0104b4b1,243i9i94 E 6i64,0i6bci,046bc4 ' + // Џ Б Д Ж
    '3 0i049i94 - K 04~242a3i9i94 M H O Π P C T 0i5a,ai56~4404 Φ X 0i04b4b1,9i94 ' + // И Л У Ц
    '0i0d~094999,9i94 0i04c4ci,6i64 0i04e4e1,6i64,cic4 0i2i2464~a4a8~ac6c2c ' + // Ч Ш Щ Ъ
    '0i0444~8488~8c4c0c,cic4 0i0444~8488~8c4c0c 0f~1i5i~aiab~a454~1407,4bab ' + // Ы Ь Э
    '040i,0b4b,~44~4i~ei~e4! 949i4i~0i0e~0a4a9a,4a04 a 7i~0h08~0444~8489~8e4e~0e08 - - - ' + // Ю Я б
    'e' +
    '|43e o - p c - y φ x' +
    '|454 ε s i - j' +
    '|490 040i7i7k' + // Ґ
    '|4c0 I' +
    // Punctuation, arrows and mathematical signs
    '|2010 0959 0959 - 0979 09d9 — - - 0i1f 1i0f 1502 - 0i1f,4i5f 1i0f,5i4f 1502,5542 - - ' + // ‐ ‑ – — ‘ ’ ‚ “ ” „
    '- ~19~1b~3b~39!,2a - - - 04,54,a4' + // • …
    '|2039 4d0945 0d4905' + // ‹ ›
    '|2044 046i' + // ⁄
    '|20ac 9g~8i6i~2i2b~2464~8496,0d7d,0979' + // €
    '|2190 09b9,4d0945 4i44,0e4i8e 09b9,7db975 4i44,084488 09d9,4d0945,9dd995' + // ← ↑ → ↓ ↔
    '|2202 1g~2i4i~8i8b~8444~0408~0c4c~8c8a - - - Δ 0iai54!' + // ∂ ∇
    '|2211 Σ 0989 - - ⁄ - - - · 0b2b54ai - - - 79~5d3d~0d09~0535~5579~9dbd~ede9~e5b5~9579' + // − √ ∞
    '|2248 0a~0d2d~3d4b~5a6a~8a8d,05~0828~3846~5565~8588' + // ≈
    '|2260 0b8b,0787,256d - - - 8e0a86,0484 0e8a06,0484' + // ≠ ≤ ≥
    '|2299 ~04~0e~ae~a4!,59' + // ⊙
    '|22c5 ·' +
    '|2713 0a359g', // ✓
);

/** Marks that stand over (or under) a letter: drawn around x = 4, for a letter of x-height. */
export const marks: readonly Row[] = /* @__PURE__ */ rows(
  // Grave, acute, circumflex, tilde, macron; breve, dot, diaeresis; ring, double acute, caron.
  '300 3j5g 3g5j 2g4j6g 1g~1j3i~4h5h~7g7j 1h7h - 1j~1g4g~7g7j 4i 2i,6i - ~2g~2k~6k~6g! 1g3j,5g7j 2j4g6j' +
    // Dot below; comma below, cedilla, ogonek.
    '|323 41 - - 4240 4443~6361~6030 54~3332~3051',
);
