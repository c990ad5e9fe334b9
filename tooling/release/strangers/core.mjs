// @hybridcam/core and nothing else: maps of one's own arrays.
import assert from 'node:assert/strict';
import { hybridCam, layerCam, upsample, view } from '@hybridcam/core';

const activations = view(Float32Array.of(1, 2, 4, 3, 0, 1), [2, 1, 3]);
const gradients = view(Float32Array.of(0.5, 1, 1.5, -0.5, 0, -1), [2, 1, 3]);
assert.deepEqual([...layerCam(activations, gradients).data], [0.5, 2, 6]);
const cam = hybridCam(activations, gradients, { alpha: 0 });
assert.deepEqual([...cam.data], [0.5 / 6, 2 / 6, 1].map(Math.fround));
assert.deepEqual(upsample(cam, 2, 6).shape, [2, 6]);
