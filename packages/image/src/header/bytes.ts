/** Big- or little-endian reads that return undefined past the end, so that no parser can run over it. */
export function readUint16(bytes: Uint8Array, at: number, littleEndian: boolean): number | undefined {
  const [a, b] = [bytes[at], bytes[at + 1]];
  if (a === undefined || b === undefined) return undefined;
  return littleEndian ? a | (b << 8) : (a << 8) | b;
}

export function readUint32(bytes: Uint8Array, at: number, littleEndian: boolean): number | undefined {
  const first = readUint16(bytes, at, littleEndian);
  const second = readUint16(bytes, at + 2, littleEndian);
  if (first === undefined || second === undefined) return undefined;
  return littleEndian ? first + second * 0x10000 : first * 0x10000 + second;
}

/** Bytes as Latin-1 text; shorter at the end of the data. */
export function readAscii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
