/** A copy of plain data in which every Float32Array is `{ float32: base64 }`, for JSON. */
export function packArrays(value: unknown): unknown {
  if (value instanceof Float32Array) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { float32: btoa(String.fromCharCode(...bytes)) };
  }
  if (Array.isArray(value)) return value.map(packArrays);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, packArrays(part)]));
}

/** The inverse of `packArrays`, for `JSON.parse`. */
export function unpackArrays(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('float32' in value)) return value;
  const bytes = Uint8Array.from(atob(String(value.float32)), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
