import { arabic } from './scripts/arabic.ts';
import { armenian } from './scripts/armenian.ts';
import { devanagari } from './scripts/devanagari.ts';
import { georgian } from './scripts/georgian.ts';
import { hebrew } from './scripts/hebrew.ts';
import { thai } from './scripts/thai.ts';

/**
 * Text with Hangul and kana romanised (Revised Romanization letter by letter; Hepburn with doubled vowels), Arabic, Armenian,
 * Devanagari, Georgian, Hebrew and Thai too, everything else as it is. A label is to be recognised, not pronounced: sound
 * changes between syllables are not applied, and vowels that are not written are not guessed.
 */
export function romanize(text: string): string {
  return [arabic, armenian, devanagari, georgian, hebrew, thai]
    .reduce((latin, script) => script(latin), text)
    .replace(/[가-힣]+/gu, (word) => [...word].map(hangulSyllable).join(''))
    .replace(/[ぁ-ゖァ-ヺー]+/gu, kanaWord);
}

const initials = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const vowels = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const finals = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ');

function hangulSyllable(syllable: string): string {
  const index = syllable.charCodeAt(0) - 0xac00;
  return initials[Math.floor(index / 588)]! + vowels[Math.floor(index / 28) % 21]! + finals[index % 28]!;
}

/** From U+3041; katakana lies 0x60 above. `*` marks the small vowels and y-glides that merge with the sound before. */
const kana = (
  '*a a *i i *u u *e e *o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji * tsu zu te de to do ' +
  'na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo *ya ya *yu yu *yo yo ra ri ru re ro *wa wa wi we wo n vu *ka *ke'
).split(' ');

function kanaWord(word: string): string {
  let out = '';
  let doubled = false;
  for (const character of word) {
    const code = character.charCodeAt(0);
    if (character === 'ー') {
      out += /[aeiou]$/.test(out) ? out.at(-1)! : '-';
      continue;
    }
    const sound = kana[code - (code >= 0x30a1 ? 0x30a1 : 0x3041)];
    if (sound === undefined) {
      out += character;
    } else if (sound === '*') {
      doubled = true;
    } else if (sound.startsWith('*')) {
      const glide = sound.slice(1);
      // ki + *ya = kya, but shi + *ya = sha; fu + *a = fa.
      out = /(?:sh|ch|j)i$/.test(out)
        ? out.slice(0, -1) + glide.replace('y', '')
        : out.replace(/[iu]$/, '') + glide;
    } else {
      out += doubled ? (sound.startsWith('ch') ? 't' : sound[0]!) + sound : sound;
      doubled = false;
    }
  }
  return out;
}
