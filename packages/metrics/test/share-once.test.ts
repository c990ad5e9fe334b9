import { expect, test } from 'vitest';
import { shareOnce } from '../src/share-once.ts';

test('computes once, for those who ask meanwhile too', async () => {
  const shared = new Map<string, Promise<number>>();
  let computed = 0;
  const compute = async (): Promise<number> => ++computed;
  const found = await Promise.all([shareOnce(shared, 'a', compute), shareOnce(shared, 'a', compute)]);
  expect([...found, await shareOnce(shared, 'a', compute)]).toEqual([1, 1, 1]);
});

test('what failed is computed again', async () => {
  const shared = new Map<string, Promise<number>>();
  const failing = shareOnce(shared, 'a', () => Promise.reject(new Error('interrupted')));
  await expect(failing).rejects.toThrow('interrupted');
  expect(await shareOnce(shared, 'a', async () => 2)).toBe(2);
});
