import { entryOf, type Row } from './rows.ts';

/** Letter by letter; what no row has stays. A capital's spelling begins with a capital. */
export function spell(text: string, table: readonly Row[]): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => {
    const small = character.toLowerCase();
    const sound = entryOf(small, table);
    if (sound === undefined) return character;
    return small === character ? sound : sound.charAt(0).toUpperCase() + sound.slice(1);
  });
}
