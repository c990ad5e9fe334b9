import { open, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { AbortedError, throwIfAborted } from '../../../packages/core/src/errors.ts';
import { abortAtEveryAwait } from '../src/index.ts';

const file = import.meta.filename;

async function threeSteps(signal: AbortSignal): Promise<number> {
  for (let i = 0; i < 3; i++) {
    throwIfAborted(signal, 'threeSteps');
    await readFile(file);
  }
  throwIfAborted(signal, 'threeSteps');
  return 3;
}

test('a careful operation is refused at every await', async () => {
  const report = await abortAtEveryAwait(threeSteps, { digest: (value) => value });
  expect(report.awaits).toBeGreaterThanOrEqual(3);
  expect(report.refused + report.late.length).toBe(report.tried);
  // Nothing is looked at between the last step and the answer.
  expect(report.late.length).toBeLessThanOrEqual(1);
});

test('an operation that never looks at its signal is seen by that', async () => {
  const report = await abortAtEveryAwait(() => threeSteps(new AbortController().signal));
  expect(report.refused).toBe(0);
  expect(report.late).toHaveLength(report.tried);
  expect(report.tried).toBeGreaterThanOrEqual(3);
});

test('places are sampled where they are many', async () => {
  const many = async (signal: AbortSignal): Promise<void> => {
    for (let i = 0; i < 100; i++) {
      await Promise.resolve();
      throwIfAborted(signal, 'many');
    }
  };
  const { awaits, tried, refused } = await abortAtEveryAwait(many, { most: 10 });
  expect(awaits).toBeGreaterThanOrEqual(100);
  expect(tried).toBeGreaterThanOrEqual(10);
  expect(tried).toBeLessThanOrEqual(12);
  expect(refused).toBeGreaterThanOrEqual(9);
});

test.each<[string, (signal: AbortSignal) => Promise<unknown>, RegExp]>([
  [
    'a timer',
    async (signal) => {
      const timer = setTimeout(() => {}, 60_000);
      timers.push(timer);
      await threeSteps(signal);
      clearTimeout(timer);
    },
    /left behind 1 × Timeout/,
  ],
  [
    'an open file',
    async (signal) => {
      const handle = await open(file, 'r');
      handles.push(handle);
      await threeSteps(signal);
      await handle.close();
    },
    /left behind .*1 × open file/,
  ],
  [
    'a listener',
    async (signal) => {
      const listener = (): void => {};
      signal.addEventListener('abort', listener);
      await wait(1);
      throwIfAborted(signal, 'x');
      signal.removeEventListener('abort', listener);
    },
    /left behind 1 × listener of the signal/,
  ],
  [
    'another error',
    async (signal) => {
      await wait(1);
      signal.throwIfAborted();
    },
    /expected a refusal with the signal's reason/,
  ],
  [
    'the right error without the reason',
    async (signal) => {
      await wait(1);
      if (signal.aborted) throw new AbortedError('x');
    },
    /expected a refusal with the signal's reason/,
  ],
])('%s that an aborted run leaves behind is found', async (_, operation, message) => {
  await expect(abortAtEveryAwait(operation)).rejects.toThrow(message);
});

const timers: NodeJS.Timeout[] = [];
const handles: Awaited<ReturnType<typeof open>>[] = [];
afterAll(async () => {
  for (const timer of timers) clearTimeout(timer);
  for (const handle of handles) await handle.close().catch(() => {});
});

test('a state that an aborted run spoils is found', async () => {
  let spoilt = false;
  const operation = async (signal: AbortSignal): Promise<boolean> => {
    await wait(1);
    spoilt ||= signal.aborted;
    throwIfAborted(signal, 'x');
    return spoilt;
  };
  await expect(abortAtEveryAwait(operation, { digest: (value) => value })).rejects.toThrow(/something else/);
});

test('what only the caller can see is asked of the caller', async () => {
  let sessions = 0;
  const operation = async (signal: AbortSignal): Promise<void> => {
    sessions++;
    await threeSteps(signal);
    sessions--;
  };
  const check = (): void => expect(sessions).toBe(0);
  await expect(abortAtEveryAwait(operation, { check })).rejects.toThrow(/expected 1 to be/);
});
