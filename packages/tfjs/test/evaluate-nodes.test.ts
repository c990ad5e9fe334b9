import { UnsupportedError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { evaluateNodes } from '../src/evaluate-nodes.ts';
import { layersGraph } from '../src/layers/layers-graph.ts';
import { createWeightCache } from '../src/weight-cache.ts';
import { held } from './held.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { useBackend } from './use-backend.ts';

beforeAll(() => useBackend('cpu'));

/** What a forward pass rejects with whose last step but one throws `fault`, and what is held before and after. */
function failing(fault: Error): { error: unknown; left: string; before: string } {
  const source = smallLayersModel();
  const cache = createWeightCache();
  const graph = layersGraph(source, undefined, cache);
  const nodes = graph.nodes.map((node, i) =>
    i < graph.nodes.length - 2
      ? node
      : {
          ...node,
          run: () => {
            throw fault;
          },
        },
  );
  const [, height, width, channels] = graph.input.shape as [number, number, number, number];
  const input = tf.zeros([1, height, width, channels]);
  const before = held();
  let error: unknown;
  try {
    evaluateNodes(nodes, new Map([[graph.input.value, input]]), new Set([graph.output]));
  } catch (caught) {
    error = caught;
  }
  const left = held();
  input.dispose();
  cache.dispose();
  source.dispose();
  return { error, left, before };
}

test('an error of TensorFlow.js is told with the step it happened in', () => {
  const fault = new Error('out of memory');
  const { error, left, before } = failing(fault);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^\w+ "[\w:]+": out of memory$/),
    cause: fault,
  });
  expect(left).toBe(before);
});

test('an error of ours comes through as it is', () => {
  const fault = new UnsupportedError('ours');
  const { error, left, before } = failing(fault);
  expect(error).toBe(fault);
  expect(left).toBe(before);
});
