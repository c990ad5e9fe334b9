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

/** What may stand where JSON has another value. */
const VALUES: readonly unknown[] = [
  ...[null, true, -1, 0.5, 2 ** 53, 1e300, '', 'x', '../x', '='.repeat(5000), [], {}, [[]], { a: 1 }],
];

/** One value of a JSON text, or of one of its lines, becomes another, goes, or comes twice: what is no syntax error reaches further. */
function changeValue(bytes: Uint8Array, draw: Draw): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split('\n');
  // A whole text of several lines, else one line of many.
  const whole = parsedJson(lines.join('\n'));
  const written = [...lines.keys()].filter((i) => lines[i] !== '');
  const at = whole === undefined && written.length > 0 ? written[draw(written.length)]! : 0;
  const value = whole ?? parsedJson(lines[at]!);
  if (value === undefined) return flipBits(bytes, draw);
  const places = placesIn(value);
  if (places.length === 0) return flipBits(bytes, draw);
  const { holder, key } = places[draw(places.length)]!;
  const other = places[draw(places.length)]!;
  const how = draw(4);
  if (how === 0) holder[key] = VALUES[draw(VALUES.length)];
  // A copy, or a value might hold itself.
  else if (how === 1) holder[key] = structuredClone(other.holder[other.key]);
  else if (how === 2 && Array.isArray(holder)) holder.splice(Number(key), draw(2), holder[key]);
  else delete holder[key];
  const text = JSON.stringify(value);
  return new TextEncoder().encode(whole === undefined ? lines.with(at, text).join('\n') : text);
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flipBits(bytes: Uint8Array, draw: Draw): Uint8Array {
  return changes[0]!(bytes, draw, []);
}

/** A change of the JSON that stands behind its length at the beginning of safetensors and plans, and its length with it. */
function changeHeader(bytes: Uint8Array, draw: Draw): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = changeValue(bytes.subarray(HEADER_AT, HEADER_AT + length), draw);
  const counted = new Uint8Array(HEADER_AT);
  new DataView(counted.buffer).setUint32(0, header.length, true);
  return join(counted, header, bytes.subarray(HEADER_AT + length));
}

const HEADER_AT = 8;
const isOpening = (byte: number | undefined): boolean => byte === 0x5b || byte === 0x7b;

/** One to three changes of a valid file, decided by the seed alone. Of what begins as JSON every second keeps its syntax. */
export function mutate(valid: readonly Uint8Array[], seed: number): Uint8Array {
  const draw = draws(seed);
  let bytes = valid[draw(valid.length)]!;
  for (let i = draw(3); i >= 0 && bytes.length > 0; i--) {
    const kept = isOpening(bytes[0]) ? changeValue : isOpening(bytes[HEADER_AT]) ? changeHeader : undefined;
    const change = kept && draw(2) === 0 ? kept : changes[draw(changes.length)]!;
    bytes = change(bytes, draw, valid);
  }
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
