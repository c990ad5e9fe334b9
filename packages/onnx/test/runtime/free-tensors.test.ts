import { view } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel, type OrtRuntime, type OrtTensor } from '../../src/index.ts';
import { freeTensors } from '../../src/runtime/free-tensors.ts';
import { randomFloats, toyModel } from '../toy-model.ts';

describe('freeTensors', () => {
  test('frees what is whole, and leaves what others may share', () => {
    const whole = Float32Array.of(1, 2);
    const shared = new Float32Array(4);
    freeTensors([
      new ort.Tensor('float32', whole, [2]),
      new ort.Tensor('float32', shared.subarray(1, 3), [2]),
      new ort.Tensor('float32', new Float32Array(0), [0]),
      new ort.Tensor('string', ['a'], [1]),
    ]);
    expect(whole.length).toBe(0);
    expect(shared.length).toBe(4);
  });

  test('two tensors on one buffer are no error', () => {
    const data = Float32Array.of(1, 2);
    freeTensors([new ort.Tensor('float32', data, [2]), new ort.Tensor('float32', data, [1, 2])]);
    expect(data.length).toBe(0);
  });
});

describe('a disposed forward pass', () => {
  test('frees what only its backward pass reads, after the runs that read it; what was handed out stays', async () => {
    const runs: Record<string, OrtTensor>[] = [];
    let onRun = (): void => {};
    const spied: OrtRuntime = {
      ...(ort as OrtRuntime),
      InferenceSession: {
        create: async (...args: Parameters<typeof ort.InferenceSession.create>) => {
          const session = await ort.InferenceSession.create(...args);
          const run = session.run.bind(session) as (...args: unknown[]) => Promise<Record<string, OrtTensor>>;
          const kept = async (...args: unknown[]) => {
            const running = run(...args);
            onRun();
            const results = await running;
            runs.push(results);
            return results;
          };
          return Object.assign(session, { run: kept });
        },
      } as unknown as OrtRuntime['InferenceSession'],
    };
    const model = await createOnnxModel(toyModel(), { ort: spied, name: 'toy' });
    const { name } = model.layers[0]!;
    const input = view(randomFloats(1, 192), [1, 3, 8, 8]);
    const cotangent = view(Float32Array.of(0, 1, 0, 0, 0), [1, 5]);
    const expected = await model.forward(input, { layers: [name] }).then(async (pass) => {
      const gradients = (await pass.gradients([name], cotangent)).get(name)!;
      return [...gradients.data];
    });
    const pass = await model.forward(input, { layers: [name] });
    const results = runs.at(-1)!;
    const masks = Object.entries(results).filter(([, { type }]) => type === 'bool');
    const buffers = masks.map(([, { data }]) => (data as unknown as Uint8Array).buffer);
    expect(buffers.length).toBeGreaterThan(0);
    const activations = pass.activations(name);
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
    const before = [sum(activations.data), sum(pass.logits.data), sum(input.data)];
    const started = new Promise<void>((resolve) => {
      onRun = resolve;
    });
    const underWay = pass.gradients([name], cotangent);
    await started;
    pass.dispose();
    expect([...(await underWay).get(name)!.data]).toEqual(expected);
    await expect(pass.gradients([name], cotangent)).rejects.toThrow('disposed');
    await model.dispose();
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual(buffers.map(() => 0));
    expect([sum(activations.data), sum(pass.logits.data), sum(input.data)]).toEqual(before);
    expect(expected.some((value) => value !== 0)).toBe(true);
  });
});
