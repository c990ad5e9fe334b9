import { crossLayerHybrid, explain, pack, view } from '@hybridcam/core';
import { bakeModel, createOnnxModel, type OrtRuntime } from '@hybridcam/onnx';
import { createGradientSession, differentiate } from '@hybridcam/onnx/autodiff';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import * as onnxruntime from 'onnxruntime-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toyModel } from '../../../packages/onnx/test/toy-model.ts';
import { countSessions, type SessionCount } from '../src/count-sessions.ts';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

const ort = onnxruntime as unknown as OrtRuntime;
const bytes = toyModel();
const input = view(
  Float32Array.from({ length: 3 * 8 * 8 }, (_, i) => Math.sin(i)),
  [1, 3, 8, 8],
);

let count: SessionCount;
beforeEach(() => {
  count = countSessions();
});
afterEach(() => count.restore());

function nothingOpen(): void {
  expect({ sessions: count.sessions, tensors: count.tensors }).toEqual({ sessions: 0, tensors: 0 });
}

test('createOnnxModel', async () => {
  const report = await abortAtEveryAwait((signal) => createOnnxModel(bytes, { ort, name: 'toy', signal }), {
    digest: ({ identity, layers }) => ({ identity, layers }),
    release: (model) => model.dispose(),
    check: nothingOpen,
  });
  expectRefusedEverywhere(report);
});

test('a first explanation, with the plan of its backward pass', async () => {
  const operation = async (signal: AbortSignal) => {
    const model = await createOnnxModel(bytes, { ort, name: 'toy' });
    const found = explain(model, input, { method: crossLayerHybrid({ alpha: 0.5 }), signal });
    return { model, cam: pack((await found.catch((error) => refusedAfter(error, model.dispose()))).cam) };
  };
  const report = await abortAtEveryAwait(operation, {
    digest: ({ cam }) => cam,
    release: ({ model }) => model.dispose(),
    check: nothingOpen,
    most: 80,
  });
  // Two more than an explanation alone: the awaits of this operation itself.
  expectRefusedEverywhere(report, 4);
});

async function refusedAfter(error: unknown, done: Promise<void>): Promise<never> {
  await done;
  throw error;
}

test('explanations on one model', async () => {
  const model = await createOnnxModel(bytes, { ort, name: 'toy' });
  for (const method of [crossLayerHybrid({ alpha: 0.5 }), 'score-cam' as const]) {
    let before: number | undefined;
    const report = await abortAtEveryAwait((signal) => explain(model, input, { method, signal }), {
      digest: ({ cam }) => pack(cam),
      check: () => {
        before ??= count.sessions;
        expect(count.sessions).toBeLessThanOrEqual(before);
        expect(count.tensors).toBe(0);
      },
    });
    expectRefusedEverywhere(report);
  }
  await model.dispose();
  nothingOpen();
});

test('differentiate', async () => {
  const report = await abortAtEveryAwait(
    (signal) => differentiate(bytes, { ort, wrt: ['/block/Relu_output_0'], signal }),
    { digest: ({ backwardModel }) => backwardModel, check: nothingOpen },
  );
  expectRefusedEverywhere(report);
});

test('createGradientSession', async () => {
  const report = await abortAtEveryAwait(
    (signal) => createGradientSession(bytes, { ort, wrt: ['/block/Relu_output_0'], signal }),
    {
      release: (session) => session.dispose(),
      check: nothingOpen,
    },
  );
  expectRefusedEverywhere(report);
});

test('bakeModel', async () => {
  const report = await abortAtEveryAwait(
    (signal) => bakeModel(bytes, { ort, method: 'cross-layer-hybrid', signal }),
    { digest: (baked) => baked, check: nothingOpen, most: 50 },
  );
  expectRefusedEverywhere(report);
});
