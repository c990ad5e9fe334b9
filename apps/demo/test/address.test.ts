import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAddress } from '../src/address.ts';

describe('createAddress', () => {
  const written: string[] = [];
  let hash = '';
  beforeEach(() => {
    vi.useFakeTimers();
    written.length = 0;
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('history', {
      replaceState: (_state: null, _title: string, to: string) => written.push(to),
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('writes a change after a rest at once, and those of a moving slider when it rests', () => {
    const address = createAddress(() => hash);
    for (let step = 0; step < 60; step++) {
      hash = `alpha=${step}`;
      address.write();
      vi.advanceTimersByTime(16);
    }
    expect(written).toEqual(['#alpha=0']);
    vi.advanceTimersByTime(200);
    expect(written).toEqual(['#alpha=0', '#alpha=59']);
    vi.advanceTimersByTime(1000);
    hash = 'alpha=1';
    address.write();
    expect(written).toEqual(['#alpha=0', '#alpha=59', '#alpha=1']);
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(3);
  });
});
