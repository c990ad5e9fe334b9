import { CamError } from '@hybridcam/core';
import { mutate } from './mutate.ts';
import { startWatchdog } from './watchdog.mjs';

export interface Abuse {
  /** Valid files to start from. */
  readonly valid: readonly Uint8Array[];
  /** Files to start from that are refused as they are. Default: none. */
  readonly refused?: readonly Uint8Array[];
  /** Everything that is done with such a file before it is trusted. */
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly cases: number;
  readonly seed: number;
}

export interface Survived {
  /** Mutated files that were still valid, or taken for valid. */
  readonly read: number;
  readonly refused: number;
  /** By code of the error. */
  readonly codes: Readonly<Record<string, number>>;
  /** Most processor time that one file took, in milliseconds. */
  readonly slowest: number;
}

/** One file may take a second of the processor's time: not of the clock's, which a busy machine stretches. */
const MOST_MILLISECONDS = 1000;
/** A case that has not ended by then never does. */
const NO_END = { processorMs: 5000, clockMs: 60_000 };
/** Buffers beyond twice the file: tables and messages of fixed size. */
const SLACK_BYTES = 2 ** 21;
const LONGEST_MESSAGE = 4000;

/**
 * Feeds mutated files to a parser. A typed error is an answer, a value is one; anything else is a defect and is thrown with the seed that
 * repeats it: another error, a message without end, a second of computing, buffers of more than twice the file
 * (small files only: `measureMemory` is for large ones). A parser that never returns ends the process, which names the seed.
 */
export async function abuse({ valid, refused: others = [], parse, cases, seed }: Abuse): Promise<Survived> {
  for (const bytes of valid) await parse(bytes);
  const codes: Record<string, number> = {};
  let [read, refused, slowest] = [0, 0, 0];
  const starts = [...valid, ...others];
  const watchdog = await startWatchdog(NO_END);
  for (let i = 0; i < cases; i++) {
    const one = seed + i;
    const bytes = mutate(starts, one);
    const before = process.memoryUsage().arrayBuffers;
    const started = process.cpuUsage();
    watchdog.begin(one);
    try {
      await parse(bytes);
      read++;
    } catch (error) {
      if (!(error instanceof CamError) || error.message.length > LONGEST_MESSAGE) {
        const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
        throw new Error(`seed ${one}, ${bytes.length} bytes: ${cause.slice(0, 2000)}`, { cause: error });
      }
      refused++;
      codes[error.code] = (codes[error.code] ?? 0) + 1;
    } finally {
      watchdog.end();
    }
    const { user, system } = process.cpuUsage(started);
    const milliseconds = (user + system) / 1000;
    slowest = Math.max(slowest, milliseconds);
    if (milliseconds > MOST_MILLISECONDS) {
      throw new Error(`seed ${one}, ${bytes.length} bytes: ${milliseconds.toFixed(0)} ms of the processor.`);
    }
    const grown = process.memoryUsage().arrayBuffers - before;
    if (grown > 2 * bytes.length + SLACK_BYTES) {
      throw new Error(`seed ${one}, ${bytes.length} bytes: ${grown} bytes of buffers.`);
    }
  }
  await watchdog.stop();
  return { read, refused, codes, slowest };
}
