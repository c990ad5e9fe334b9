import { expect, test } from 'vitest';
import { fitState } from '../src/fit-state.ts';
import type { LayerFacts } from '../src/protocol.ts';

const layer: LayerFacts = {
  name: 'a',
  shape: undefined,
  stride: undefined,
  gradient: 'varying',
  blockedBy: undefined,
};
const model = { layers: [layer], classCount: 10 };
const usual = { layer: undefined, classIndex: undefined, against: undefined };

test('what the network has stays as it is, without a word', () => {
  for (const state of [usual, { layer: 'a', classIndex: 9, against: 0 }])
    expect(fitState(state, model)).toEqual({ change: {}, notes: [] });
});

test('what it lacks gives way, and each is named', () => {
  const { change, notes } = fitState({ layer: 'conv1', classIndex: 999, against: 10 }, model);
  expect(change).toEqual(usual);
  expect(notes).toHaveLength(3);
  expect(notes[0]).toContain('“conv1”');
  expect(notes[1]).toContain('no class 999');
  expect(notes[2]).toContain('no class 10');
});

test('a class rather than itself is the class', () => {
  expect(fitState({ layer: undefined, classIndex: 2, against: 2 }, model)).toEqual({
    change: { against: undefined },
    notes: [],
  });
});
