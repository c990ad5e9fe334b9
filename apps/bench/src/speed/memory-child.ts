// Run as a process: predicts or explains ten times with a model file and prints its peak resident kilobytes. Each mode loads only
// what it uses: `path` and `bytes` predict, `explain` explains a constant; `photograph` and `explain-photograph` do so from a file.
import { readFile } from 'node:fs/promises';

process.env['ORT_DISABLE_TELEMETRY'] = '1';
const [mode, path, picture] = process.argv.slice(2) as [string, string, string];
const times = 10;
const size = 3 * 224 * 224;
const shape = [1, 3, 224, 224];

if (mode === 'explain') {
  const { explain, view } = await import('@hybridcam/core');
  const { createOnnxModel } = await import('@hybridcam/onnx');
  const ort = await import('onnxruntime-node');
  const model = await createOnnxModel(await readFile(path), { ort, name: 'model' });
  const input = view(new Float32Array(size).fill(0.1), shape);
  for (let i = 0; i < times; i++) await explain(model, input);
} else if (mode === 'explain-photograph') {
  const { explain, loadModel } = await import('hybridcam');
  const model = await loadModel(path);
  for (let i = 0; i < times; i++) await explain(model, picture);
} else {
  const ort = await import('onnxruntime-node');
  const source = mode === 'bytes' ? await readFile(path) : path;
  const session = await ort.InferenceSession.create(source as string, { logSeverityLevel: 3 });
  const prepared = mode === 'photograph' ? await preparing(picture) : async () => constant();
  for (let i = 0; i < times; i++) {
    const input = new ort.Tensor('float32', await prepared(), shape);
    await session.run({ [session.inputNames[0]!]: input });
  }
}

function constant(): Float32Array {
  return new Float32Array(size).fill(0.1);
}

/** The same decoding and preprocessing as an explanation's. */
async function preparing(file: string): Promise<() => Promise<Float32Array>> {
  const { pack } = await import('@hybridcam/core');
  const { preprocess } = await import('@hybridcam/image');
  const { decode } = await import('@hybridcam/image/node');
  return async () => pack(preprocess(await decode(file)).input);
}

// Linux counts the parent's memory at the fork into maxRSS; the high-water mark of this image alone is in /proc.
const own = await readFile('/proc/self/status', 'utf8').catch(() => '');
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(own)?.[1] ?? process.resourceUsage().maxRSS);
process.stdout.write(`${peak}\n`);
