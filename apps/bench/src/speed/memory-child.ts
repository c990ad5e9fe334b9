// Run as a process: predicts or explains ten times with a model file and prints its peak resident kilobytes.
import { readFile } from 'node:fs/promises';
import { explain, view } from '@hybridcam/core';
import { createOnnxModel } from '@hybridcam/onnx';

process.env['ORT_DISABLE_TELEMETRY'] = '1';
const ort = await import('onnxruntime-node');
const [mode, path] = process.argv.slice(2) as [string, string];
const size = 3 * 224 * 224;
const shape = [1, 3, 224, 224];

if (mode !== 'explain') {
  const source = mode === 'path' ? path : await readFile(path);
  const session = await ort.InferenceSession.create(source as string, { logSeverityLevel: 3 });
  const feeds = {
    [session.inputNames[0]!]: new ort.Tensor('float32', new Float32Array(size).fill(0.1), shape),
  };
  for (let i = 0; i < 10; i++) await session.run(feeds);
} else {
  const model = await createOnnxModel(await readFile(path), { ort, name: 'model' });
  const input = view(new Float32Array(size).fill(0.1), shape);
  for (let i = 0; i < 10; i++) await explain(model, input);
}
// Linux counts the parent's memory at the fork into maxRSS; the high-water mark of this image alone is in /proc.
const own = await readFile('/proc/self/status', 'utf8').catch(() => '');
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(own)?.[1] ?? process.resourceUsage().maxRSS);
process.stdout.write(`${peak}\n`);
