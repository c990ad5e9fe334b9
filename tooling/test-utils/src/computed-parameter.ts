/**
 * A parameter computed from its name, so that any implementation can rebuild the same network without a weights file. A hash of
 * name, index and seed, scaled as an initialiser would (the reference folder's README defines it).
 */
export function computedParameter(name: string, shape: readonly number[], seed = 0): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(size);
  const offset = (fnv1a32(name) + Math.imul(seed, 0x85ebca6b)) | 0;
  const scaled = scaling(name, shape);
  for (let i = 0; i < size; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + offset) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    values[i] = scaled((x >>> 0) / 2 ** 31 - 1);
  }
  return values;
}

/** How a uniform number in [−1, 1) becomes a value of this parameter. */
function scaling(name: string, shape: readonly number[]): (u: number) => number {
  if (shape.length === 4) {
    const fanIn = shape[1]! * shape[2]! * shape[3]!;
    return (u) => u * Math.sqrt(3) * Math.sqrt(2 / fanIn);
  }
  if (shape.length === 2) return (u) => u * Math.sqrt(3) * Math.sqrt(1 / shape[1]!);
  if (name.endsWith('running_mean')) return (u) => 0.1 * u;
  if (name.endsWith('running_var')) return (u) => 1 + 0.2 * u;
  if (name.endsWith('weight')) {
    const gain = name.includes('bn3') ? 0.25 : 1;
    return (u) => gain * (1 + 0.2 * u);
  }
  return (u) => 0.1 * u;
}

function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
