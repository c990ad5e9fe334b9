import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { View } from '../src/view.ts';
import { createViewStore } from '../src/view-store.ts';

const view = { busy: undefined } as View;

/** A page without a browser: frames and tasks come when the test says so, and every update takes `costMs`. */
function page(farCount: number, costMs: number) {
  const frames: (() => void)[] = [];
  const marks = new Set<string>();
  let now = 0;
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
  vi.stubGlobal('performance', { now: () => now });
  vi.stubGlobal('document', {
    body: {
      setAttribute: (name: string) => marks.add(name),
      removeAttribute: (name: string) => marks.delete(name),
    },
  });
  const drawn: string[] = [];
  const part = (name: string) => ({
    update: ({ busy }: View) => {
      now += costMs;
      drawn.push(`${name} ${busy}`);
    },
  });
  const parts = { near: [part('near')], far: Array.from({ length: farCount }, (_, i) => part(`far${i}`)) };
  return { store: createViewStore(view, () => parts), drawn, parts, marks, frame: () => frames.shift()?.() };
}

describe('createViewStore', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('draws once a frame what changed many times, the rest in tasks after it, each no longer than a slice', () => {
    const { store, drawn, frame } = page(4, 5);
    store.show({ busy: 'a' });
    store.show({ busy: 'b' });
    expect(store.view.busy).toBe('b');
    frame();
    expect(drawn).toEqual(['near b']);
    vi.advanceTimersToNextTimer();
    expect(drawn).toEqual(['near b', 'far0 b', 'far1 b']);
    vi.advanceTimersToNextTimer();
    expect(drawn).toEqual(['near b', 'far0 b', 'far1 b', 'far2 b', 'far3 b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no part out while frames keep coming, and ends with every part at the newest view', () => {
    const { store, drawn, frame } = page(3, 10);
    for (const busy of ['a', 'b', 'c']) {
      store.show({ busy });
      frame();
      vi.advanceTimersToNextTimer();
    }
    expect(drawn.filter((text) => text.startsWith('far'))).toEqual(['far0 a', 'far1 b', 'far2 c']);
    vi.runAllTimers();
    expect(drawn.slice(-2)).toEqual(['far0 c', 'far1 c']);
  });

  it('draws the other parts where one fails, now and later', () => {
    const { store, drawn, parts, frame } = page(3, 10);
    parts.far[1]!.update = () => {
      throw new Error('no such class');
    };
    for (const busy of ['a', 'b']) {
      store.show({ busy });
      frame();
      for (let slice = 0; slice < 3; slice++) {
        if (slice === 1) expect(() => vi.advanceTimersToNextTimer()).toThrow('no such class');
        else vi.advanceTimersToNextTimer();
      }
    }
    expect(drawn).toEqual(['near a', 'far0 a', 'far2 a', 'near b', 'far0 b', 'far2 b']);
  });

  it('takes off the mark of being busy when the finished page is drawn, and not before', () => {
    const { store, marks, frame } = page(2, 10);
    store.show({ busy: 'a' });
    expect(marks.has('data-busy')).toBe(true);
    frame();
    vi.runAllTimers();
    expect(marks.has('data-busy')).toBe(true);
    store.show({ busy: undefined });
    frame();
    vi.advanceTimersToNextTimer();
    expect(marks.has('data-busy')).toBe(true);
    vi.advanceTimersToNextTimer();
    expect(marks.has('data-busy')).toBe(false);
  });
});
