import { CamError } from '@hybridcam/core';
import { readCheckpoint } from '../../src/index.ts';

/** Typed errors are an answer, tensors are one; anything else is a defect and is thrown with what led to it. */
export function survives(bytes: Uint8Array, what: string): 'read' | 'refused' {
  try {
    readCheckpoint(bytes, 'abused');
    return 'read';
  } catch (error) {
    if (error instanceof CamError && error.message.length < 2000) return 'refused';
    throw new Error(
      `readCheckpoint, ${what}: ${error instanceof Error ? error.stack : error}`.slice(0, 2000),
    );
  }
}

/** Every so many-th beginning of a file. */
export function truncations(valid: Uint8Array, step = 1): void {
  for (let length = 0; length < valid.length; length += step)
    survives(valid.slice(0, length), `first ${length} bytes`);
}

/** So many copies of a file with one to three bytes changed, from a seed. */
export function flips(valid: Uint8Array, count: number, seed: number): Record<'read' | 'refused', number> {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const answers = { read: 0, refused: 0 };
  for (let i = 0; i < count; i++) {
    const mutated = valid.slice();
    for (let flip = 0; flip <= i % 3; flip++) mutated[random(mutated.length)] = random(256);
    answers[survives(mutated, `flip ${i} of seed ${seed}`)]++;
  }
  return answers;
}

/** A safetensors file from header text (or what becomes it) and data; `length` lies about the header. */
export function safetensors(header: unknown, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, length ?? BigInt(text.length)), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
