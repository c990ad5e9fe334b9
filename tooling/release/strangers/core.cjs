// The same from CommonJS: Node 20.19 and later can require a module.
const assert = require('node:assert/strict');
const { gradCam, view } = require('@hybridcam/core');

const activations = view(Float32Array.of(1, 2, 4, 3, 0, 1), [2, 1, 3]);
const gradients = view(Float32Array.of(0.5, 1, 1.5, -0.5, 0, -1), [2, 1, 3]);
assert.deepEqual([...gradCam(activations, gradients).data], [0, 2, 3.5]);
