// Run as a process: predicts or explains ten times with a model file and prints its peak resident kilobytes. Each mode loads only
// what it uses: `path` and `bytes` predict, `explain` explains a constant; `photograph` and `explain-photograph` do so from a file.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

process.env['ORT_DISABLE_TELEMETRY'] = '1';
const [mode, path, picture, external] = process.argv.slice(2) as [string, string, string, string];
const times = 10;
const size = 3 * 224 * 224;
const shape = [1, 3, 224, 224];
const quiet = { logSeverityLevel: 3 } as const;

if (mode === 'explain') {
  const { explain, view } = await import('@hybridcam/core');
  const { createOnnxModel } = await import('@hybridcam/onnx');
  const ort = await import('onnxruntime-node');
  const { bytes, externalData } = await files();
  const model = await createOnnxModel(bytes, { ort, name: 'model', externalData });
  const input = view(new Float32Array(size).fill(0.1), shape);
  for (let i = 0; i < times; i++) await explain(model, input);
} else if (mode === 'explain-photograph') {
  const { explain, loadModel } = await import('hybridcam');
  const model = await loadModel(path);
  for (let i = 0; i < times; i++) await explain(model, picture);
} else {
  const ort = await import('onnxruntime-node');
  const session = await (mode === 'bytes' ? fromBytes(ort) : ort.InferenceSession.create(path, quiet));
  const prepared = mode === 'photograph' ? await preparing(picture) : async () => constant();
  for (let i = 0; i < times; i++) {
    const input = new ort.Tensor('float32', await prepared(), shape);
    await session.run({ [session.inputNames[0]!]: input });
  }
}

/** The model's bytes, and those of the files beside it that hold weights. */
async function files() {
  const names: readonly string[] = JSON.parse(external);
  const externalData = new Map<string, Uint8Array>();
  for (const name of names) externalData.set(name, await readFile(join(dirname(path), name)));
  return { bytes: await readFile(path), externalData };
}

async function fromBytes({ InferenceSession }: typeof import('onnxruntime-node')) {
  const { bytes, externalData } = await files();
  const beside = Array.from(externalData, ([path, data]) => ({ path, data }));
  return InferenceSession.create(bytes, { ...quiet, ...(beside.length > 0 && { externalData: beside }) });
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
