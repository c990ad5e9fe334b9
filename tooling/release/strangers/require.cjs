// Every package that a server may use, from CommonJS.
const assert = require('node:assert/strict');
const { crossLayerHybrid, explain } = require('@hybridcam/core');
const { decode } = require('@hybridcam/image/node');
const { metricFacts } = require('@hybridcam/metrics');
const { createOnnxModel, readOnnx } = require('@hybridcam/onnx');
const { encodePng } = require('@hybridcam/viz');
const { loadModel } = require('hybridcam');

for (const called of [crossLayerHybrid, explain, decode, createOnnxModel, readOnnx, encodePng])
  assert.equal(typeof called, 'function');
assert.ok('insertion' in metricFacts);
loadModel('scenes').then(async (model) => {
  assert.equal(model.classCount, model.labels.length);
  await model.dispose();
});
