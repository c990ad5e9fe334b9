/** Numbers in [0, below) from a seed, the same on every machine. */
export type Draw = (below: number) => number;

export function draws(seed: number): Draw {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
  return (below) => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state % below;
  };
}

/** What a length, an offset or a count should not be. */
const EXTREMES = [0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 53n, (1n << 63n) - 1n, -1n];
/** What may stand in a text where it should not. */
const WORDS = [
  '__proto__',
  'constructor',
  'null',
  '-1',
  '1e999',
  '1.5',
  '[]',
  '{}',
  '""',
  '\\u0000',
  '../../../etc/passwd',
  '='.repeat(300),
  '['.repeat(5000),
  '{"a":'.repeat(2000),
];

type Change = (bytes: Uint8Array, draw: Draw, others: readonly Uint8Array[]) => Uint8Array;

const changes: readonly Change[] = [
  function flipBits(bytes, draw) {
    const changed = bytes.slice();
    for (let i = draw(8); i >= 0; i--) changed[draw(changed.length)]! ^= 1 << draw(8);
    return changed;
  },
  function setBytes(bytes, draw) {
    const changed = bytes.slice();
    for (let i = draw(4); i >= 0; i--)
      changed[draw(changed.length)] = [0, 1, 0x7f, 0x80, 0xff, draw(256)][draw(6)]!;
    return changed;
  },
  function truncate(bytes, draw) {
    return bytes.slice(0, draw(bytes.length));
  },
  function remove(bytes, draw) {
    const start = draw(bytes.length);
    return join(bytes.subarray(0, start), bytes.subarray(start + 1 + draw(64)));
  },
  function repeat(bytes, draw) {
    const start = draw(bytes.length);
    const part = bytes.subarray(start, start + 1 + draw(256));
    return join(bytes.subarray(0, start), part, part, bytes.subarray(start));
  },
  function extreme(bytes, draw) {
    const changed = bytes.slice();
    const width = [1, 2, 4, 8][draw(4)]!;
    const value = EXTREMES[draw(EXTREMES.length)]!;
    const at = draw(changed.length);
    const isBig = draw(2) === 1;
    for (let i = 0; i < width && at + i < changed.length; i++) {
      changed[at + i] = Number((value >> BigInt(8 * (isBig ? width - 1 - i : i))) & 0xffn);
    }
    return changed;
  },
  function word(bytes, draw) {
    const at = draw(bytes.length);
    const text = new TextEncoder().encode(WORDS[draw(WORDS.length)]);
    return join(bytes.subarray(0, at), text, bytes.subarray(at + draw(2) * text.length));
  },
  function number(bytes, draw) {
    // A digit of a text becomes another number, which keeps its syntax and breaks its sense.
    const start = draw(bytes.length);
    const behind = bytes.subarray(start).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
    if (behind < 0) return flipBits(bytes, draw);
    const at = start + behind;
    const text = ['-1', '0', '1.5', '1e999', '99999999999999999999', '4294967296'][draw(6)]!;
    return join(bytes.subarray(0, at), new TextEncoder().encode(text), bytes.subarray(at + 1));
  },
  function splice(bytes, draw, others) {
    const other = others[draw(others.length)]!;
    return join(bytes.subarray(0, draw(bytes.length)), other.subarray(draw(other.length)));
  },
];

function flipBits(bytes: Uint8Array, draw: Draw): Uint8Array {
  return changes[0]!(bytes, draw, []);
}

/** One to three changes of a valid file, decided by the seed alone. */
export function mutate(valid: readonly Uint8Array[], seed: number): Uint8Array {
  const draw = draws(seed);
  let bytes = valid[draw(valid.length)]!;
  for (let i = draw(3); i >= 0 && bytes.length > 0; i--)
    bytes = changes[draw(changes.length)]!(bytes, draw, valid);
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
