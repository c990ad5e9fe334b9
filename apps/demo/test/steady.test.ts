import { describe, expect, it } from 'vitest';
import { defaultState } from '../src/state.ts';
import { steady } from '../src/ui/steady.ts';
import { type View, withoutResults } from '../src/view.ts';

const view: View = {
  state: defaultState,
  model: undefined,
  picture: undefined,
  evidence: undefined,
  source: 'shipped',
  labels: undefined,
  busy: undefined,
  problem: undefined,
  hovered: undefined,
  ...withoutResults,
  pointer: undefined,
  kept: undefined,
  download: undefined,
};

/** The views that a steady component was updated with. */
function updates(...views: readonly View[]): View[] {
  const seen: View[] = [];
  const component = steady({ update: (next) => seen.push(next) });
  for (const next of views) component.update(next);
  return seen;
}

describe('steady', () => {
  it('leaves out what differs by alpha or the pointer alone', () => {
    const moved = { ...view, state: { ...view.state, alpha: 0.1 } };
    const pointed = { ...moved, pointer: { x: 0.5, y: 0.5 } };
    expect(updates(view, moved, pointed, { ...pointed, pointer: undefined }, { ...pointed })).toEqual([view]);
  });

  it('passes on whatever else changed, also together with alpha', () => {
    const busy = { ...view, busy: 'Explaining…' };
    const other = { ...busy, state: { ...view.state, alpha: 0.1, colormap: 'inferno' as const } };
    expect(updates(view, busy, other)).toEqual([view, busy, other]);
  });

  it('passes on a state that went to another one and came back between two frames: a control may still stand for that', () => {
    const back = { ...view, state: { ...view.state } };
    expect(updates(view, back)).toEqual([view, back]);
  });
});
