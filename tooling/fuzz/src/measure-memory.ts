import { CamError } from '@hybridcam/core';
import { collect } from './collect.ts';
import { mostLiveWhile } from './most-live-while.ts';
import { mutate } from './mutate.ts';

/** What a parser may need at once beside its answer, in multiples of the file. */
const BESIDE = 2;

export interface MemoryCase {
  /** Files of some size, beside which tables and messages are small. */
  readonly valid: readonly Uint8Array[];
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly cases: number;
  readonly seed: number;
  /** How many times the file a parser may take: its answer, and buffers. */
  readonly times: number;
  /** What it may take beyond that, in bytes: tables and messages of fixed size. */
  readonly slack: number;
}

export interface MemoryUsed {
  readonly read: number;
  readonly refused: number;
  /** The most that a file took, in multiples of its size. */
  readonly most: number;
  /** The most that was alive at once while it was read, beside the answer. */
  readonly beside: number;
}

/**
 * Feeds the valid files and mutated ones to a parser and counts what each took: all memory outside the JavaScript heap that belonged to
 * objects when it was done, buffers that it had dropped by then too, and what its answer holds on the heap. How many objects it drops is
 * decided by the compiler (numbers in code that is interpreted), not by the parser; what of them is alive at once is looked at in a second
 * reading of the file, and may be twice the file.
 */
export async function measureMemory({
  valid,
  parse,
  cases,
  seed,
  times,
  slack,
}: MemoryCase): Promise<MemoryUsed> {
  const held: unknown[] = [];
  let [read, refused, most, beside] = [0, 0, 0, 0];
  // Code is compiled and tables are made at the first calls.
  for (const bytes of [...valid, ...valid]) await answerTo(parse, bytes, held);
  for (let i = -valid.length; i < cases; i++) {
    const bytes = i < 0 ? valid.at(i)! : mutate(valid, seed + i);
    held.length = 0;
    // Twice: buffers that the first finds dead are given back beside it, and surely before the second.
    collect();
    collect();
    const before = process.memoryUsage();
    if (await answerTo(parse, bytes, held)) read++;
    else refused++;
    const { external } = process.memoryUsage();
    collect();
    const grown = external - before.external + process.memoryUsage().heapUsed - before.heapUsed;
    most = Math.max(most, grown / bytes.length);
    held.length = 0;
    collect();
    const empty = process.memoryUsage();
    let isRefused = false;
    const live = await mostLiveWhile(async () => {
      isRefused = !(await answerTo(parse, bytes, held));
    });
    collect();
    const full = process.memoryUsage();
    // What is refused at its end was nearly an answer.
    const answer = isRefused
      ? times * bytes.length
      : Math.max(0, full.heapUsed + full.external - empty.heapUsed - empty.external);
    const needed = live - empty.heapUsed - empty.external - answer;
    beside = Math.max(beside, needed / bytes.length);
    const what = `${i < 0 ? 'a valid file' : `seed ${seed + i}`}, ${bytes.length} bytes`;
    if (grown > times * bytes.length + slack) throw new Error(`${what}: ${grown} bytes of memory.`);
    if (needed > BESIDE * bytes.length + slack)
      throw new Error(`${what}: ${needed} bytes of memory beside the answer.`);
  }
  return { read, refused, most, beside };
}

/**
 * Puts what the parser answers where it stays until it is measured; whether that is a value and no refusal. A function of its own: the
 * frame of a loop would hold the last answer, unseen, beyond the next measure.
 */
async function answerTo(
  parse: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  held: unknown[],
): Promise<boolean> {
  try {
    held.push(await parse(bytes));
    return true;
  } catch (error) {
    if (!(error instanceof CamError)) throw error;
    held.push(error);
    return false;
  }
}
