import { type Row, rows } from './rows.ts';

/**
 * The skeletons of our own stroke font, in the order of the code points. A glyph is a list of strokes, parted by commas; a
 * stroke is a list of points, each two base-36 digits: x from 0, y from 0 with the descender at 0, the baseline at 4, the
 * x-height at e (14), the capitals' height at i (18). `~` marks the control point of a quadratic curve (between two of them
 * lies their midpoint, as in TrueType), `!` closes the stroke, a stroke of one point is a dot. The pen's width is chosen
 * when drawing.
 */
export const asciiGlyphs: readonly Row[] = /* @__PURE__ */ rows(
  '21 0i09,04 0i0e,3i3e 3i14,8i64,0e9e,0898 8f~8i4i~0i0f~0c4b~8a87~8444~0407,4k42 ' + // ! " # $
    '14bi,~0b~0i~5i~5b!,~74~7b~cb~c4! a42e~1i4i~8i7e~7c3a~0907~0444~849b 0i0e ' + // % & '
    '3k~0f0a~0530 0k~3f3a~3500 3i3b,0g6d,6g0d 4d45,0989 1502 0959 04 026k ~04~0i~8i~84! ' + // ( ) * + , - . / 0
    '1f4i44,1474 0f~0i4i~8i8e~8b590484 0g~1i4i~8i8f~8c4c2c,4c~8c88~8444~0407 646i0888 ' + // 1 2 3 4
    '7i1i0b~1d4d~8d89~8444~1406 6i~0g08~0444~8489~8d4d~0d08 0i8i34 ' + // 5 6 7
    '~1b~1i~7i~7b!,~04~0b~8b~84! 24~868e~8i4i~0i0d~0949~898e 04,0d 1502,1d 8d0985 ' + // 8 9 : ; <
    '0b8b,0787 0d8905 0f~0i4i~7i7f~7c3a38,34 ' + // = > ?
    '~58~5e~ae~a8!,aea9~a7c7~e7ec~ek7k~0k0b~0272~92b3 045ia4,2989 ' + // @ A
    '040i4i~8i8f~8c4c0c,4c~9c98~944404 af~9i5i~0i0b~0454~94a7 040i4i~ai~a44404 ' + // B C D
    '8i0i0484,0b7b 8i0i04,0b7b af~9i5i~0i0b~0454~a4a8ab6b 040i,949i,0b9b 040i ' + // E F G H I
    '6i68~6434~0407 040i,9i09,3c94 0i0484 040i68cic4 040i949i ~04~0i~bi~b4! ' + // J K L M N O
    '040i5i~9i9e~9a5a0a ~04~0i~bi~b4!,77b3 040i5i~9i9e~9a5a0a,5a94 ' + // P Q R
    '8f~8i4i~0i0f~0c4b~8a87~8444~0407 0iai,5i54 0i09~0454~a4a9ai 0i54ai 0i447ga4ei ' + // S T U V W
    '0i94,049i 0i5aai,5a54 0i9i0494 3k0k0030 0k62 0k3k3000 0d4i8d 0191 0j2g ' + // X Y Z [ \ ] ^ _ `
    '0c~1e4e~7e7a74,7a3a~0a07~0434~7478 0i04,09~0e4e~8e89~8444~0409 ' + // a b
    '7c~6e4e~0e09~0444~6476 8i84,89~8e4e~0e09~0444~8489 0989~8e4e~0e09~0444~7486 ' + // c d e
    '5i~2i2f24,0e5e 8e83~8040~1002,89~8e4e~0e09~0444~8489 040i,09~0e4e~7e7a74 040e,0i ' + // f g h i
    '2e23~2000,2i 040i,7e07,3a74 0i07~0424 040e,09~0e3e~6e6a64,69~6e9e~cecac4 ' + // j k l m
    '040e,09~0e4e~7e7a74 ~04~0e~8e~84! 0e00,09~0e4e~8e89~8444~0409 ' + // n o p
    '8e80,89~8e4e~0e09~0444~8489 040e,08~0e5e 6c~6e3e~0e0c~0a39~6866~6434~0406 ' + // q r s
    '2h27~2454,0e5e 0e08~0434~7479,7e74 0e448e 0e346d94ce 0e74,047e 0e44,8e31~2000 ' + // t u v w x y
    '0e7e0474 4k~2k2h2c~2a0a~2a2823~2040 0k00 0k~2k2h2c~2a4a~2a2823~2000 ' + // z { | }
    '08~0b2b~3b49~5868~888b', // ~
);
