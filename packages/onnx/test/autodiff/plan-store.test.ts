import { view } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createEngine, type PlanStore } from '../../src/autodiff/index.ts';
import { createOnnxModel, type OnnxModelOptions, type OrtRuntime } from '../../src/index.ts';
import { LINEAR_HEAD, randomFloats, toyModel, weight } from '../toy-model.ts';

/** A store whose entries can be looked at and spoilt. */
function openStore(): PlanStore & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    read: async (name) => entries.get(name)?.slice(),
    write: async (name, entry) => void entries.set(name, entry.slice()),
  };
}

/** ONNX Runtime that counts the sessions whose optimisations are off: those of probes. */
function countingProbes(): { readonly runtime: OrtRuntime; probes: number } {
  const counter = { runtime: ort as OrtRuntime, probes: 0 };
  const create = (bytes: Uint8Array, options: ort.InferenceSession.SessionOptions) => {
    if (options.graphOptimizationLevel === 'disabled') counter.probes++;
    return ort.InferenceSession.create(bytes, options);
  };
  counter.runtime = { ...ort, InferenceSession: { create } as unknown as typeof ort.InferenceSession };
  return counter;
}

const picture = (batch: number) => view(randomFloats(3, batch * 192), [batch, 3, 8, 8]);

/** The gradient at `layers` in a process of its own, as far as the engine's memory goes. */
async function explained(
  bytes: Uint8Array,
  options: Partial<OnnxModelOptions> = {},
  { batch = 1, layers = ['stem'] } = {},
): Promise<{ gradient: Float32Array; probes: number }> {
  const counter = countingProbes();
  const model = await createOnnxModel(bytes, {
    ort: counter.runtime,
    name: 'toy',
    backward: createEngine(),
    ...options,
  });
  const pass = await model.forward(picture(batch), { layers });
  const cotangent = view(randomFloats(4, batch * 5), [batch, 5]);
  const gradient = (await pass.gradients(layers, cotangent)).get(layers[0]!)!.data.slice();
  await model.dispose();
  return { gradient, probes: counter.probes };
}

describe('plans', () => {
  test('are made once for a model, its layers and its input size, whatever the batch', async () => {
    const plans = openStore();
    const first = await explained(toyModel(), { plans });
    expect(first.probes).toBeGreaterThan(0);
    expect([...plans.entries.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const again = await explained(toyModel(), { plans });
    expect(again).toEqual({ gradient: first.gradient, probes: 0 });
    expect((await explained(toyModel(), { plans }, { batch: 3 })).probes).toBe(0);
    expect(plans.entries.size).toBe(1);
  });

  test('are others for other layers, sizes, bytes and rules', async () => {
    const plans = openStore();
    const open = toyModel({ input: { name: 'input', dataType: 'float32', shape: ['batch', 3, 8, 8] } });
    await explained(open, { plans });
    await explained(open, { plans }, { layers: ['/stem/conv/Conv_output_0'] });
    await explained(open, { plans }, { layers: ['stem', '/stem/conv/Conv_output_0'] });
    await explained(open, { plans, backward: createEngine({ convolution: 'transpose' }) });
    await explained(toyModel({ opset: 16 }), { plans });
    expect(plans.entries.size).toBe(5);
  });

  test('are others on WebGPU, where no masks cross, also by the same rules', async () => {
    const plans = openStore();
    // A provider that this runtime lacks would be refused: it decides the plan, and sessions run without it.
    const create = (
      bytes: Uint8Array,
      { executionProviders, preferredOutputLocation, ...options }: ort.InferenceSession.SessionOptions,
    ) => ort.InferenceSession.create(bytes, options);
    const runtime = {
      ...ort,
      InferenceSession: { create } as unknown as typeof ort.InferenceSession,
    };
    const backward = createEngine({ convolution: 'transpose' });
    const found = [];
    for (const executionProviders of [['cpu'], ['webgpu']]) {
      const options = { ort: runtime, plans, backward, sessionOptions: { executionProviders } };
      found.push((await explained(toyModel(), options, { layers: ['/stem/conv/Conv_output_0'] })).gradient);
    }
    expect(plans.entries.size).toBe(2);
    expect(found[1]).toEqual(found[0]);
  });

  test('of one engine are kept in memory too', async () => {
    const backward = createEngine();
    expect((await explained(toyModel(), { backward })).probes).toBeGreaterThan(0);
    expect((await explained(toyModel(), { backward })).probes).toBe(0);
  });

  test('that are damaged are made and written again', async () => {
    const plans = openStore();
    const { gradient } = await explained(toyModel(), { plans });
    const [[name, whole]] = [...plans.entries] as [[string, Uint8Array]];
    const flipped = whole.slice();
    flipped[flipped.length - 9]! ^= 1;
    const header = whole.slice();
    header[80]! ^= 1;
    for (const bad of [flipped, header, whole.slice(0, -1), whole.slice(0, 40), new Uint8Array(0)]) {
      plans.entries.set(name, bad);
      const again = await explained(toyModel(), { plans });
      expect(again.gradient).toEqual(gradient);
      expect(again.probes).toBeGreaterThan(0);
      expect(plans.entries.get(name)).toEqual(whole);
    }
  });

  test('of a model with weights in another file depend on that file', async () => {
    const plans = openStore();
    // The model is the same; what lies beside it is not.
    const files = (seed: number) => new Map([['fc.bin', new Uint8Array(randomFloats(seed, 30).buffer)]]);
    const external = { location: 'fc.bin', offset: 0, length: 120 };
    const initializers = [
      { name: 'fc.weight', dims: [5, 6], dataType: 'float32' as const, external },
      weight('fc.bias', [5], 8),
    ];
    const bytes = toyModel({ head: { ...LINEAR_HEAD, initializers } });
    for (const seed of [1, 2]) {
      const { probes } = await explained(bytes, { plans, externalData: files(seed) });
      expect(probes).toBeGreaterThan(0);
    }
    expect(plans.entries.size).toBe(2);
    expect((await explained(bytes, { plans, externalData: files(2) })).probes).toBe(0);
  });
});
