// @hybridcam/viz alone: a PNG of a map, without a DOM.
import assert from 'node:assert/strict';
import { view } from '@hybridcam/core';
import { encodePng, heatmap, viridis } from '@hybridcam/viz';

const image = heatmap(view(Float32Array.of(0, 1, 0.5, 0.25), [2, 2]), { colormap: viridis });
assert.deepEqual([image.width, image.height], [2, 2]);
const png = encodePng(image);
assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
