import { arabic } from './scripts/arabic.ts';
import { armenian, armenianU } from './scripts/armenian.ts';
import { devanagari, devanagariVowels } from './scripts/devanagari.ts';
import { georgian } from './scripts/georgian.ts';
import { hangul } from './scripts/hangul.ts';
import { hebrew, hebrewLetters } from './scripts/hebrew.ts';
import { kana } from './scripts/kana.ts';
import { thai, thaiOrder } from './scripts/thai.ts';
import { spell } from './spell.ts';

/**
 * Text with Hangul and kana romanised (Revised Romanization letter by letter; Hepburn with doubled vowels), Arabic, Armenian,
 * Devanagari, Georgian, Hebrew and Thai too, everything else as it is. A label is to be recognised, not pronounced: sound
 * changes between syllables are not applied, and vowels that are not written are not guessed.
 */
export function romanize(text: string): string {
  const ordered = devanagariVowels(thaiOrder(hebrewLetters(armenianU(text))));
  return spell(ordered, letters)
    .replace(/[가-힣]/gu, (syllable) => spell(syllable.normalize('NFD'), hangul))
    .replace(/[ぁ-ゖァ-ヺー]+/gu, kana);
}

const letters = /* @__PURE__ */ [arabic, armenian, devanagari, georgian, hebrew, thai].flat();
