/** What consecutive code points become, from the first one on; the empty text where there is nothing. */
export type Row = readonly [from: number, entries: readonly string[]];

/** Reads rows parted by `|`: the first code point in hexadecimal, then an entry for each, parted by spaces; `-` stands for nothing. */
export function rows(text: string): Row[] {
  return text.split('|').map((row) => {
    const [from, ...entries] = row.split(' ');
    return [Number.parseInt(from!, 16), entries.map((entry) => (entry === '-' ? '' : entry))];
  });
}

/** The entry of a text's first character; undefined where no row reaches. */
export function entryOf(text: string, table: readonly Row[]): string | undefined {
  const code = text.codePointAt(0)!;
  for (const [from, entries] of table) if (entries[code - from] !== undefined) return entries[code - from];
  return undefined;
}
