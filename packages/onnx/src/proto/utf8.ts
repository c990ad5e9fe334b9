/** Names are nearly always short ASCII; TextDecoder is not in ES2022's library and is slower for those. */
export function readUtf8(bytes: Uint8Array, start: number, stop: number): string {
  let ascii = stop - start <= 1024;
  for (let i = start; ascii && i < stop; i++) ascii = bytes[i]! < 128;
  // One flat string; adding up characters makes a rope that costs as much again when it is first looked up.
  if (ascii) return String.fromCharCode.apply(null, bytes.subarray(start, stop) as unknown as number[]);
  let text = '';
  for (let i = start; i < stop; ) {
    const lead = bytes[i++]!;
    if (lead < 128) {
      text += String.fromCharCode(lead);
      continue;
    }
    const extra = lead >= 0xf0 && lead < 0xf8 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    let code = lead & (0x3f >> extra);
    let used = 0;
    while (used < extra && i < stop && (bytes[i]! & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[i++]! & 0x3f);
      used++;
    }
    const valid = extra > 0 && lead < 0xf8 && used === extra && code <= 0x10ffff;
    text += valid ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

/** TextEncoder's bytes. */
export function writeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      const low = [(code >> 12) & 63, (code >> 6) & 63, code & 63].map((bits) => 0x80 | bits);
      bytes.push(0xf0 | (code >> 18), ...low);
    }
  }
  return Uint8Array.from(bytes);
}
