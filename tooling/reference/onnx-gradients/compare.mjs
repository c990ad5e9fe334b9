import { readFileSync } from 'node:fs';

const TYPES = {
  F32: [Float32Array, 'float32'],
  F64: [Float64Array, 'float64'],
  I64: [BigInt64Array, 'int64'],
  I32: [Int32Array, 'int32'],
  BOOL: [Uint8Array, 'bool'],
};

/** All tensors of a safetensors file that our own Python scripts wrote. */
export function readTensors(path) {
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString());
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [Kind, type] = TYPES[dtype];
    const bytes = new Uint8Array(file.subarray(8 + length + offsets[0], 8 + length + offsets[1]));
    tensors[name] = { data: new Kind(bytes.buffer), shape, type };
  }
  return tensors;
}

/** max |a − b| / max |b|; infinite when the lengths differ. */
export function largestDifference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    // Not Math.max: a NaN must not be lost.
    if (!(d <= difference)) difference = d;
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return scale === 0 ? difference : difference / scale;
}

export function oneMinusCosine(a, b) {
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < b.length; i++) {
    dot += a[i] * b[i];
    lengthA += a[i] * a[i];
    lengthB += b[i] * b[i];
  }
  return 1 - dot / Math.sqrt(lengthA * lengthB);
}
