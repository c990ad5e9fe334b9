import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultState, fromHash, type State, seedOf, toHash, unreadNote } from '../src/state.ts';

describe('toHash and fromHash', () => {
  test('the default state is an empty link', () => {
    expect(toHash(defaultState)).toBe('');
    expect(fromHash('')).toEqual(defaultState);
    expect(fromHash('#')).toEqual(defaultState);
  });

  test('a link says only what differs', () => {
    expect(toHash({ ...defaultState, alpha: 0.25, layer: 'layer3.0' })).toBe('layer=layer3.0&alpha=0.25');
  });

  test('any state survives the way through a link', () => {
    const state: fc.Arbitrary<State> = fc.record({
      picture: fc.oneof(
        fc.constantFrom('fish', 'key', 'own'),
        fc.nat(2 ** 31).map((seed) => `seed:${seed}`),
      ),
      model: fc.constantFrom('scenes', 'own', 'resnet50'),
      preset: fc.constantFrom(undefined, 'torchvision', 'keras-tf'),
      runtime: fc.constantFrom('onnx-wasm', 'onnx-webgpu', 'tfjs-webgl'),
      layer: fc.option(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), { nil: undefined }),
      method: fc.constantFrom('hybrid', 'eigen-cam', 'cross-layer-hybrid'),
      alpha: fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
      classIndex: fc.option(fc.nat(999_999), { nil: undefined }),
      against: fc.option(fc.nat(999_999), { nil: undefined }),
      opacity: fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
      colormap: fc.constantFrom('viridis', 'jet'),
      contour: fc.boolean(),
      smooth: fc.boolean(),
      truth: fc.boolean(),
    });
    fc.assert(
      fc.property(state, (value) => {
        expect(fromHash(`#${toHash(value)}`)).toEqual(value);
      }),
    );
  });

  test('any text is a valid state: nothing out of range comes through', () => {
    const field = fc.constantFrom(
      'picture',
      'alpha',
      'classIndex',
      'method',
      'colormap',
      '__proto__',
      'constructor',
      'smooth',
    );
    const pair = fc.tuple(field, fc.string()).map(([name, text]) => `${name}=${encodeURIComponent(text)}`);
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const state = fromHash(pairs.join('&'));
        expect(Object.keys(state).sort()).toEqual(Object.keys(defaultState).sort());
        expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
        expect(state.alpha >= 0 && state.alpha <= 1).toBe(true);
      }),
    );
  });

  test.each([
    'alpha=1.01',
    'alpha=-0.1',
    'alpha=NaN',
    'alpha=',
    'alpha=1e-3x',
    'classIndex=-1',
    'classIndex=1.5',
    'picture=../x',
    'method=nothing',
    'preset=toString',
    'smooth=1',
  ])('%s is dropped', (hash) => {
    expect(fromHash(hash)).toEqual(defaultState);
  });
});

test('unreadNote names what a link says wrongly, and nothing else', () => {
  expect(unreadNote('#alpha=0.3&nonsense=1&picture=key')).toBeUndefined();
  expect(unreadNote('#alpha=7&picture=nope&smooth=true')).toMatch(
    /^What this link says of picture, alpha means/,
  );
});

test('seedOf reads the seed of a scene, and nothing else', () => {
  expect(seedOf('seed:12')).toBe(12);
  expect(['seed:', 'seed:1.5', 'seed:-1', 'fish', 'seed:12345678901'].map(seedOf)).toEqual(
    Array(5).fill(undefined),
  );
});
