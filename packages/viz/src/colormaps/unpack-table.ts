/**
 * 256 RGB entries from the first one and, channel after channel, 255 differences to the entry before, one printable
 * character each (difference + 79). See `tooling/reference/viz/colormap_tables.py`, which prints them.
 */
export function unpackTable(first: readonly [number, number, number], differences: string): Uint8Array {
  const table = new Uint8Array(768);
  for (let channel = 0; channel < 3; channel++) {
    let value = first[channel]!;
    table[channel] = value;
    for (let i = 1; i < 256; i++) {
      value += differences.charCodeAt(channel * 255 + i - 1) - 79;
      table[3 * i + channel] = value;
    }
  }
  return table;
}
