import { statSync } from 'node:fs';
import { loadCheckpoint } from '../src/node.ts';
import { buildOnnx } from '../src/onnx.ts';
import { peakMemory } from './peak-memory.ts';

/** A process that builds ResNet-50's ONNX bytes from the checkpoint it is given, and prints memory (bytes) and times (ms). */
const before = peakMemory();
const started = performance.now();
const { parameters } = await loadCheckpoint('resnet50', { weights: process.argv[2]! });
const loaded = performance.now();
const bytes = buildOnnx('resnet50', parameters);
console.log(
  JSON.stringify({
    before,
    peak: peakMemory(),
    onnxBytes: bytes.length,
    load: loaded - started,
    build: performance.now() - loaded,
    file: statSync(process.argv[2]!).size,
  }),
);
