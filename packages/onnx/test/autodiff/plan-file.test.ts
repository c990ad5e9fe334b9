import { ModelFormatError } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createBackwardPass, differentiate, readPlan, writePlan } from '../../src/autodiff/index.ts';
import { floats, node, smallModel } from './small-model.ts';

const bytes = smallModel({
  nodes: [node('Relu', ['x'], 'r'), node('Exp', ['r'], 'y')],
  input: { name: 'x', dataType: 'float32', shape: ['N', 4] },
});

describe('writePlan, readPlan', () => {
  test('a stored plan makes the same backward pass, without a probe', async () => {
    const {
      forwardModel: _,
      graph: __,
      ...plan
    } = await differentiate(bytes, { ort, wrt: ['x'], inputShape: [1, 4] });
    const stored = writePlan(plan);
    // At an odd offset, as a slice of a larger buffer may lie.
    const moved = new Uint8Array(stored.length + 3).subarray(3);
    moved.set(stored);
    const read = readPlan(moved);
    expect(read).toEqual(plan);
    const pass = await createBackwardPass(read, ort, {});
    const tap = new ort.Tensor('float32', Float32Array.of(Math.E, 1, 1, 1), [1, 4]);
    const r = new ort.Tensor('bool', [true, false, false, false], [1, 4]);
    const taps = new Map<string, ort.Tensor>([
      ['y', tap],
      ['hybridcam/positive/r', r],
    ]);
    const gradients = await pass.run(taps, new ort.Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]));
    expect(gradients.get('x')!.data[0]).toBeCloseTo(Math.E, 6);
    expect([...gradients.get('x')!.data.slice(1)]).toEqual([0, 0, 0]);
    await pass.dispose();
  });

  const edit = (stored: Uint8Array, from: string, to: string): Uint8Array => {
    const text = new TextDecoder('latin1').decode(stored);
    expect(text).toContain(from);
    return Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0));
  };

  test('the bounds of a mask are kept; without one, or with another value, they are refused', async () => {
    const clipped = smallModel({
      nodes: [node('Clip', ['x', '', 'six'], 'y')],
      initializers: [floats('six', [], [6])],
    });
    const { forwardModel: _, graph: __, ...plan } = await differentiate(clipped, { ort, wrt: ['x'] });
    const stored = writePlan(plan);
    expect(readPlan(stored)).toEqual(plan);
    expect(plan.taps[0]!.mask).toEqual({ of: 'y', bounds: { below: 6, dataType: 'float32' } });
    for (const damage of ['"below":null', '"below":"6"', '"under":6']) {
      expect(() => readPlan(edit(stored, '"below":6', damage)), damage).toThrow(ModelFormatError);
    }
  });

  test('other bytes, other versions and damage are refused', async () => {
    const stored = writePlan(await differentiate(bytes, { ort, wrt: ['x'], inputShape: [1, 4] }));
    const edited = (from: string, to: string): Uint8Array => edit(stored, from, to);
    for (const bad of [
      new Uint8Array(0),
      bytes,
      stored.subarray(0, 40),
      edited('"version":3', '"version":2'),
      edited('"mask":{"of":"r"}', '"mask":{"of":[1]}'),
      edited('"dims":[null,4]', '"dims":[null,x]'),
      edited('"dims":[null,4]', '"dims":[null,-]'),
      edited('"scores":"y"', '"scores":[1]'),
    ]) {
      expect(() => readPlan(bad)).toThrow(ModelFormatError);
    }
  });
});
