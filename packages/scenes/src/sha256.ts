/** An incremental SHA-256, for bytes that arrive in pieces; WebCrypto can only hash a whole buffer. */
export interface Sha256 {
  update(bytes: Uint8Array): Sha256;
  /** Lower-case hex of everything so far; the hasher cannot be used afterwards. */
  digest(): string;
}

/** @example sha256().update(bytes).digest() // 'e3b0c442…' */
export function sha256(): Sha256 {
  const state = Uint32Array.from(firstFractions(8, 2));
  const block = new Uint8Array(64);
  const words = new Uint32Array(64);
  let filled = 0;
  let length = 0;
  const update = (bytes: Uint8Array): void => {
    length += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const take = Math.min(64 - filled, bytes.length - at);
      block.set(bytes.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled === 64) {
        compress(state, words, block);
        filled = 0;
      }
    }
  };
  const hasher: Sha256 = {
    update(bytes) {
      update(bytes);
      return hasher;
    },
    digest() {
      const bits = length * 8;
      const padding = new Uint8Array((filled < 56 ? 64 : 128) - filled);
      padding[0] = 0x80;
      const view = new DataView(padding.buffer);
      view.setUint32(padding.length - 8, Math.floor(bits / 4294967296));
      view.setUint32(padding.length - 4, bits >>> 0);
      update(padding);
      return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
    },
  };
  return hasher;
}

// FIPS 180-4: the constants are the first 32 fraction bits of cube roots (state: square roots) of the first primes.
const roundConstants = Uint32Array.from(firstFractions(64, 3));

function compress(state: Uint32Array, words: Uint32Array, block: Uint8Array): void {
  for (let i = 0; i < 16; i++) {
    words[i] =
      (block[4 * i]! << 24) | (block[4 * i + 1]! << 16) | (block[4 * i + 2]! << 8) | block[4 * i + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const early = words[i - 15]!;
    const late = words[i - 2]!;
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i]! + words[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = (state[i]! + value) | 0;
  });
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** First 32 fraction bits of the `root`-th roots of the first primes, in integer arithmetic. */
function firstFractions(count: number, root: 2 | 3): number[] {
  const fractions: number[] = [];
  for (let prime = 2; fractions.length < count; prime++) {
    if (!isPrime(prime)) continue;
    const target = BigInt(prime) << BigInt(32 * root);
    let value = 0n;
    for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) {
      if ((value + bit) ** BigInt(root) <= target) value += bit;
    }
    fractions.push(Number(value & 0xffffffffn));
  }
  return fractions;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++)
    if (candidate % divisor === 0) return false;
  return true;
}
