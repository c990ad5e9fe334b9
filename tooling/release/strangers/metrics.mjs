// @hybridcam/metrics with a made-up score function: no model, no runtime.
import assert from 'node:assert/strict';
import { view } from '@hybridcam/core';
import { curve } from '@hybridcam/metrics';

// The score is the mean of the first channel, so every pixel counts the same and any order gives the same straight line.
const subject = {
  scoreKind: 'probability',
  score: async (batch) => {
    const [n, , height, width] = batch.shape;
    const means = Float32Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += batch.get(i, 0, y, x);
      return sum / (height * width);
    });
    return view(means, [n, 1]);
  },
};
const input = view(new Float32Array(16).fill(1), [1, 4, 4]);
const map = view(
  Float32Array.from({ length: 16 }, (_, i) => i),
  [4, 4],
);
const protocol = { grid: { step: 1 }, insertionBaseline: 'zero', areaWeighting: 'uniform' };
const { auc, scores } = await curve(subject, input, 0, map, { mode: 'insertion', protocol });
assert.equal(scores.length, 17);
assert.ok(Math.abs(auc - 0.5) < 1e-6, `area under a straight line from 0 to 1: ${auc}`);
