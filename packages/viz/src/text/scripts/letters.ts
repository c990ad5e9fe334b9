/** Letters of consecutive code points and what each becomes; `-` becomes nothing. */
export interface Letters {
  readonly from: number;
  readonly sounds: readonly string[];
}

export function letters(from: number, sounds: string): Letters {
  return { from, sounds: sounds.split(' ').map((sound) => (sound === '-' ? '' : sound)) };
}

/** The sound of a character; undefined where no table has it. A capital's begins with a capital. */
export function soundOf(character: string, tables: readonly Letters[]): string | undefined {
  const small = character.toLowerCase();
  const code = small.codePointAt(0)!;
  for (const { from, sounds } of tables) {
    const sound = sounds[code - from];
    if (sound !== undefined)
      return small === character ? sound : sound.charAt(0).toUpperCase() + sound.slice(1);
  }
  return undefined;
}

/** Letter by letter; what no table has stays. */
export function spell(text: string, tables: readonly Letters[]): string {
  return [...text].map((character) => soundOf(character, tables) ?? character).join('');
}
