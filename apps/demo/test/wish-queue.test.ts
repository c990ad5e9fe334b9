import { describe, expect, test } from 'vitest';
import { createWishQueue } from '../src/wish-queue.ts';

/** A promise with its ends outside. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('createWishQueue', () => {
  test('carries out the running and the newest wish, and none between them', async () => {
    const done: string[] = [];
    const wishes = createWishQueue(() => done.push('failure'));
    const first = gate();
    void wishes.add(async (isCurrent) => {
      await first.opened;
      done.push(`first, current: ${isCurrent()}`);
    });
    await Promise.resolve();
    void wishes.add(async () => void done.push('second'));
    void wishes.add(async (isCurrent) => void done.push(`third, current: ${isCurrent()}`));
    first.open();
    await wishes.idle();
    expect(done).toEqual(['first, current: false', 'third, current: true']);
  });

  test('tells of the failure of the newest wish only, and goes on after it', async () => {
    const failures: unknown[] = [];
    const wishes = createWishQueue((error) => failures.push(error));
    const first = gate();
    void wishes.add(async () => {
      await first.opened;
      throw new Error('overtaken');
    });
    await Promise.resolve();
    void wishes.add(async () => {
      throw new Error('newest');
    });
    first.open();
    await wishes.idle();
    expect(failures).toEqual([new Error('newest')]);
    let isDone = false;
    await wishes.add(async () => {
      isDone = true;
    });
    expect(isDone).toBe(true);
  });

  test('idle waits also for wishes that come while it waits', async () => {
    const wishes = createWishQueue(() => undefined);
    const late = gate();
    let isDone = false;
    void wishes.add(async () => {
      void wishes.add(async () => {
        await late.opened;
        isDone = true;
      });
    });
    const idle = wishes.idle();
    late.open();
    await idle;
    expect(isDone).toBe(true);
  });
});
