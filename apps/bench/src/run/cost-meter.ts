import { performance } from 'node:perf_hooks';
import { RECORD_VERSION } from '../records/record.ts';
import type { RunFolder } from '../records/run-folder.ts';

/** Writes down what a run spends while it runs, so that one that is killed loses half a minute of its account and not all. */
export interface CostMeter {
  /** After each image; `images` counts those done so far. */
  note(images: number): void;
  /** What was not written yet; also after an error. */
  close(): Promise<void>;
}

const EVERY_MS = 30_000;

/** @param now clock in milliseconds */
export function createCostMeter(
  folder: Pick<RunFolder, 'addCost'>,
  forwards: () => number,
  batchSize: number,
  now: () => number = () => performance.now(),
): CostMeter {
  let written = { images: 0, forwards: 0, at: now() };
  let images = 0;
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    const state = { images, forwards: forwards(), at: now() };
    const cost = {
      v: RECORD_VERSION,
      images: state.images - written.images,
      forwards: state.forwards - written.forwards,
      seconds: Number(((state.at - written.at) / 1000).toFixed(3)),
      batchSize,
    } as const;
    written = state;
    writing = writing.then(() => folder.addCost(cost));
    // Met when the meter is closed.
    writing.catch(() => {});
  };
  return {
    note(done) {
      images = done;
      if (now() - written.at >= EVERY_MS) write();
    },
    async close() {
      if (images > written.images || forwards() > written.forwards) write();
      await writing;
    },
  };
}
