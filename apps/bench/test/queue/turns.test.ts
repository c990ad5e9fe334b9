import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/queue/turns.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Work that says when it starts and ends when told to. */
function works() {
  const running: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      running.push(name);
      ends.set(name, (error) => {
        running.splice(running.indexOf(name), 1);
        if (error) reject(error);
        else resolve(name);
      });
    });
  return { running, work, end: (name: string, error?: Error) => ends.get(name)!(error) };
}

describe('createTurns', () => {
  it('runs what is not suspected side by side, and gives back what it gives', async () => {
    const { running, work, end } = works();
    const turns = createTurns();
    const both = [turns.take(false, work('a')), turns.take(false, work('b'))];
    await settle();
    expect(running).toEqual(['a', 'b']);
    end('b');
    end('a');
    expect(await Promise.all(both)).toEqual(['a', 'b']);
  });

  it('lets a suspect one wait for all in hand, and takes nothing while it is here', async () => {
    const { running, work, end } = works();
    const turns = createTurns();
    void turns.take(false, work('a'));
    void turns.take(false, work('b'));
    void turns.take(true, work('suspect'));
    expect(turns.take(false, work('c'))).toBeUndefined();
    expect(turns.take(true, work('another suspect'))).toBeUndefined();
    await settle();
    expect(running).toEqual(['a', 'b']);
    end('a');
    await settle();
    expect(running).toEqual(['b']);
    end('b');
    await settle();
    expect(running).toEqual(['suspect']);
    expect(turns.take(false, work('c'))).toBeUndefined();
    end('suspect');
    await settle();
    void turns.take(false, work('c'));
    void turns.take(false, work('d'));
    await settle();
    expect(running).toEqual(['c', 'd']);
  });

  it('goes on after one that failed, which fails for its owner only', async () => {
    const { running, work, end } = works();
    const turns = createTurns();
    const failing = turns.take(false, work('a'));
    const suspect = turns.take(true, work('suspect'));
    await settle();
    end('a', new Error('the disk is full'));
    await expect(failing).rejects.toThrow('the disk is full');
    await settle();
    expect(running).toEqual(['suspect']);
    end('suspect', new Error('gone'));
    await expect(suspect).rejects.toThrow('gone');
    const next = turns.take(false, work('b'));
    await settle();
    end('b');
    expect(await next).toBe('b');
  });
});
