import { expect, test } from 'vitest';
import { createSerialQueue } from '../../src/runtime/serial-queue.ts';

const later =
  (log: string[], name: string, fails = false) =>
  async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${name} ends`);
    if (fails) throw new Error(name);
    return name;
  };

test('tasks run one after the other in order, also behind one that failed and those added meanwhile', async () => {
  const log: string[] = [];
  const queue = createSerialQueue();
  const first = queue(later(log, 'a', true));
  const second = queue(later(log, 'b'));
  await expect(first).rejects.toThrow('a');
  const third = queue(later(log, 'c'));
  expect(await Promise.all([second, third])).toEqual(['b', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('an idle queue begins at once, again after it was busy', async () => {
  const log: string[] = [];
  const queue = createSerialQueue();
  for (const name of ['a', 'b']) {
    const task = queue(later(log, name));
    expect(log.at(-1)).toBe(`${name} begins`);
    await task;
    await Promise.resolve();
  }
});
