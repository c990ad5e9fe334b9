/** From U+3041; katakana lies 0x60 above. `*` marks the small vowels and y-glides that merge with the sound before. */
const sounds = /* @__PURE__ */ (
  '*a a *i i *u u *e e *o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji * tsu zu te de to do ' +
  'na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo *ya ya *yu yu *yo yo ra ri ru re ro *wa wa wi we wo n vu *ka *ke'
).split(' ');

/** A word of kana in Hepburn with doubled vowels. */
export function kana(word: string): string {
  let out = '';
  let doubled = false;
  for (const character of word) {
    const code = character.charCodeAt(0);
    if (character === 'ー') {
      out += /[aeiou]$/.test(out) ? out.at(-1)! : '-';
      continue;
    }
    const sound = sounds[code - (code >= 0x30a1 ? 0x30a1 : 0x3041)];
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
