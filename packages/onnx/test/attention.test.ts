import { attentionRollout, leGrad, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { createGradientSession } from '../src/autodiff/index.ts';
import { writeModel } from '../src/index.ts';

/** Five tokens of two numbers, one head: attention by likeness, then the class token's first number as the score. */
const transformer = writeModel({
  opsets: { '': 17 },
  graph: {
    inputs: [{ name: 'tokens', dataType: 'float32', shape: [1, 5, 2] }],
    outputs: [{ name: 'scores', dataType: 'float32', shape: [1, 1] }],
    nodes: [
      { opType: 'Transpose', inputs: ['tokens'], outputs: ['keys'], attributes: { perm: [0, 2, 1] } },
      { opType: 'MatMul', inputs: ['tokens', 'keys'], outputs: ['likeness'] },
      { opType: 'Softmax', inputs: ['likeness'], outputs: ['attention'], attributes: { axis: -1 } },
      { opType: 'MatMul', inputs: ['attention', 'tokens'], outputs: ['mixed'] },
      { opType: 'Slice', inputs: ['mixed', 'zero', 'one', 'axis1'], outputs: ['classToken'] },
      { opType: 'Slice', inputs: ['classToken', 'zero', 'one', 'axis2'], outputs: ['number'] },
      { opType: 'Flatten', inputs: ['number'], outputs: ['scores'] },
    ],
    initializers: [
      { name: 'zero', dims: [1], dataType: 'int64', data: [0] },
      { name: 'one', dims: [1], dataType: 'int64', data: [1] },
      { name: 'axis1', dims: [1], dataType: 'int64', data: [1] },
      { name: 'axis2', dims: [1], dataType: 'int64', data: [2] },
    ],
  },
});

test('attentionRollout and leGrad from the tensors of an ONNX transformer', async () => {
  const tokens = [1, 0, 2, 0, 0, 3, -1, 1, 0.5, 0.5];
  const session = await createGradientSession(transformer, { ort, wrt: ['attention'] });
  const run = await session.run(new ort.Tensor('float32', Float32Array.from(tokens), [1, 5, 2]));
  const attention = await run.value('attention');
  const gradient = (await run.gradients(Float32Array.of(1))).get('attention')!.data;
  // The class token is [1, 0], so its likeness to each is that token's first number.
  const exponentials = [1, 2, 0, -1, 0.5].map(Math.exp);
  const total = exponentials.reduce((a, b) => a + b);
  const grid = [2, 2] as const;
  expectClose(
    attentionRollout([view(attention, [1, 5, 5])], { grid }).data,
    exponentials.slice(1).map((value) => value / total / 2),
    { absolute: 1e-6 },
  );
  // ∂score/∂attention[class, key] is the key's first number; four other queries change nothing.
  expectClose(leGrad([view(gradient, [1, 5, 5])], { grid }).data, [2 / 5, 0, 0, 0.5 / 5], { absolute: 1e-6 });
  expect(session.differentiated.scores).toBe('scores');
  run.dispose();
  await session.dispose();
});
