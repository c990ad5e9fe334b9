/** A zip archive of stored entries, as `torch.save` makes (without its alignment). Checksums are left zero: readers of tensors do not use them. */
export function storedZip(entries: Record<string, Uint8Array>): Uint8Array {
  const names = Object.keys(entries);
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const data = entries[name]!;
    const text = new TextEncoder().encode(name);
    // Version, flags and method are zero or nearly; times and checksum are zero.
    const header = fields(
      [0x04034b50, 4],
      [20, 2],
      [0, 2],
      [0, 2],
      [0, 8],
      [data.length, 4],
      [data.length, 4],
      [text.length, 2],
      [0, 2],
    );
    const entry = fields(
      [0x02014b50, 4],
      [20, 2],
      [20, 2],
      [0, 2],
      [0, 2],
      [0, 8],
      [data.length, 4],
      [data.length, 4],
      [text.length, 2],
      [0, 12],
      [offset, 4],
    );
    local.push(header, text, data);
    directory.push(entry, text);
    offset += header.length + text.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = fields(
    [0x06054b50, 4],
    [0, 4],
    [names.length, 2],
    [names.length, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  );
  return joined([...local, ...directory, end]);
}

/** Little-endian numbers of so many bytes. */
function fields(...numbers: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  return Uint8Array.from(
    numbers.flatMap(([value, bytes]) =>
      Array.from({ length: bytes }, (_, i) => (i < 4 ? (value >>> (8 * i)) & 255 : 0)),
    ),
  );
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
