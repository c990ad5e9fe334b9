// 2 000 mutated files for each parser; `pnpm fuzz` sets FUZZ_CASES to 100 000 and reports branch coverage. A failure names the seed that
// repeats it: FUZZ_SEED=<seed> FUZZ_CASES=1.
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { gzipSync } from 'node:zlib';
import { OptionError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { indexGraph, readOnnx, tensorFloats, tensorNumbers } from '@hybridcam/onnx';
import { differentiate, readPlan, writePlan } from '@hybridcam/onnx/autodiff';
import { loadScenesWeights, readSafetensors, tensorToFloat32 } from '@hybridcam/scenes';
import { loadTfjsModelParts } from '@hybridcam/tfjs';
import { readCheckpoint } from '@hybridcam/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifestPaths } from '../../../apps/bench/src/images/manifest-paths.ts';
import { checkJob, JOB_VERSION } from '../../../apps/bench/src/queue/job.ts';
import { unpackResults } from '../../../apps/bench/src/queue/result.ts';
import { sourceList } from '../../../apps/bench/src/queue/source-list.ts';
import { readCurves, readFailures, readRecords } from '../../../apps/bench/src/records/read-records.ts';
import { RECORD_VERSION } from '../../../apps/bench/src/records/record.ts';
import { readRun } from '../../../apps/bench/src/records/run-json.ts';
import { bench } from '../../../apps/bench/test/run-bench.ts';
import { parseLabels } from '../../../packages/hybridcam/src/labels.ts';
import { abuse } from '../src/abuse.ts';

const CASES = Number(process.env['FUZZ_CASES'] ?? 2000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const root = path.join(import.meta.dirname, '../../..');
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(path.join(root, file)));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const hash = 'a'.repeat(64);
const job = {
  version: JOB_VERSION,
  protocolHash: 'p',
  sources: ['http://host:8800'],
  model: { kind: 'file', name: 'm.onnx', sha256: hash, external: [{ name: 'weights.bin', sha256: hash }] },
  labels: { name: 'labels.txt', sha256: hash },
  flags: { method: 'grad-cam', metric: 'insertion', batch: '8' },
  items: [
    { kind: 'scene', index: 1 },
    { kind: 'file', name: 'cat.png', sha256: hash, box: [1, 2, 30, 40], class: 3 },
  ],
  pictures: false,
};

const failure = {
  v: RECORD_VERSION,
  key: hash.slice(0, 20),
  image: 'cat.png',
  error: { code: 'IMAGE_FORMAT', message: 'decode: expected a JPEG, PNG or WebP; received text.' },
};

let folder: string;
/** What a run of the bench leaves. */
let run: string;
/** One file under the three names that the bench reads lines of. */
let linked: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-fuzz-'));
  run = path.join(folder, 'run');
  const { code, stderr } = await bench(
    ...[
      'run',
      '--images',
      'scenes:1',
      '--method',
      'grad-cam',
      '--metric',
      'insertion,energy',
      '--out',
      run,
      '-q',
    ],
  );
  if (code !== 0) throw new Error(stderr);
  linked = path.join(folder, 'linked');
  mkdirSync(linked);
  writeFileSync(path.join(linked, 'records.jsonl'), '');
  for (const name of ['curves', 'failures'])
    linkSync(path.join(linked, 'records.jsonl'), path.join(linked, `${name}.jsonl`));
  await tf.setBackend('cpu');
});
afterAll(() => rmSync(folder, { recursive: true }));

function survives(
  name: string,
  valid: () => Promise<Uint8Array[]>,
  parse: (bytes: Uint8Array) => unknown,
): void {
  test(name, { timeout: 3_600_000 }, async () => {
    const outcome = await abuse({
      valid: await valid(),
      parse,
      cases: CASES,
      seed: SEED,
    });
    // A parser that takes everything, or nothing, was not tried.
    if (outcome.read + outcome.refused >= 100)
      expect(Math.min(outcome.read, outcome.refused)).toBeGreaterThan(0);
    console.log(`${name}: ${JSON.stringify({ ...outcome, slowest: `${outcome.slowest.toFixed(1)} ms` })}`);
  });
}

async function openTfjs(json: Uint8Array, weights: Uint8Array): Promise<void> {
  const model = await loadTfjsModelParts(
    new Map([
      ['model.json', json],
      ['weights.bin', weights],
    ]),
  );
  await model.dispose();
}

let layersModel: Promise<{ json: Uint8Array; weights: Uint8Array }> | undefined;
/** A LayersModel as its files, made once. */
function smallLayersModel(): Promise<{ json: Uint8Array; weights: Uint8Array }> {
  layersModel ??= (async () => {
    const model = sequential({
      layers: [
        layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    let files: { json: Uint8Array; weights: Uint8Array } | undefined;
    await model.save(
      tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
        const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
        files = {
          json: ascii(JSON.stringify({ modelTopology, weightsManifest })),
          weights: new Uint8Array(weightData as ArrayBuffer),
        };
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    model.dispose();
    return files!;
  })();
  return layersModel;
}

describe('mutated files are read or refused with a typed error', () => {
  survives(
    'ONNX',
    async () =>
      ['dense.opset13', 'attention.opset11', 'norms.dynamo', 'half/attention.opset11'].map((name) =>
        bytesOf(`packages/onnx/test/autodiff/fixtures/${name}.onnx`),
      ),
    (bytes) => {
      const graph = indexGraph(readOnnx(bytes));
      for (const tensor of graph.initializers.values()) {
        if (tensor.dataType === 'float32' || tensor.dataType === 'float16') tensorFloats(tensor);
        else tensorNumbers(tensor);
      }
    },
  );
  survives(
    'safetensors of a checkpoint',
    async () => [bytesOf('packages/onnx/test/autodiff/fixtures/dense.opset13.safetensors')],
    (bytes) => readCheckpoint(bytes, 'fuzz.safetensors'),
  );
  survives(
    'safetensors of the scenes network',
    async () => [await loadScenesWeights()],
    (bytes) => {
      for (const tensor of readSafetensors(bytes).tensors.values()) tensorToFloat32(tensor);
    },
  );
  survives(
    '.pth',
    async () =>
      ['tensors', 'wrapped', 'module'].map((name) => bytesOf(`packages/zoo/test/fixtures/${name}.pth`)),
    (bytes) => readCheckpoint(bytes, 'fuzz.pth'),
  );
  survives(
    'plan of a backward pass',
    async () => {
      const bytes = bytesOf('packages/onnx/test/autodiff/fixtures/dense.opset13.onnx');
      return [writePlan(await differentiate(bytes, { ort, wrt: ['/Relu_output_0'] }))];
    },
    readPlan,
  );
  survives(
    'model.json of a GraphModel',
    async () => [bytesOf('packages/tfjs/test/fixtures/graph-model-unfused/model.json')],
    (bytes) => openTfjs(bytes, bytesOf('packages/tfjs/test/fixtures/graph-model-unfused/weights.bin')),
  );
  survives(
    'model.json of a LayersModel',
    async () => [(await smallLayersModel()).json],
    async (bytes) => openTfjs(bytes, (await smallLayersModel()).weights),
  );
  survives(
    'labels',
    async () => [ascii('cat\ndog\n'), ascii('["cat", "dog"]'), ascii('{"0": "cat", "1": ["n01", "dog"]}')],
    (bytes) => parseLabels(bytes, 'labels.txt'),
  );
  survives(
    'manifest of images',
    async () => [ascii('{"file": "cat.jpg", "box": [1, 2, 30, 40], "class": 3}\n{"file": "dog.png"}\n')],
    (bytes) => {
      const file = path.join(folder, 'manifest.jsonl');
      writeFileSync(file, bytes);
      return manifestPaths(file);
    },
  );
  survives(
    'manifest of presigned addresses',
    async () => [
      ascii(
        [1, 2]
          .map((i) => `{"sha256":"${String(i).repeat(64)}","url":"https://host/bucket/${i}?signature=x"}\n`)
          .join(''),
      ),
    ],
    (bytes) => {
      const file = path.join(folder, 'presigned.jsonl');
      writeFileSync(file, bytes);
      return sourceList([file]);
    },
  );
  survives(
    'job from the queue',
    async () => [ascii(JSON.stringify(job))],
    (bytes) => {
      let payload: unknown;
      try {
        payload = JSON.parse(new TextDecoder().decode(bytes));
      } catch (cause) {
        // BullMQ parses, and what is no JSON never comes to us.
        throw new OptionError('no JSON.', { cause });
      }
      return checkJob(payload);
    },
  );
  survives(
    'results from the queue',
    async () => [ascii(JSON.stringify([{ records: [], curves: [], failure }]))],
    (bytes) =>
      unpackResults(gzipSync(bytes).toString('base64'), [
        { name: 'cat.png', sha256: 'a'.repeat(64), records: () => new Map() },
      ]),
  );
  survives(
    'records of a run',
    async () => [
      ...['records', 'curves'].map((name) => new Uint8Array(readFileSync(path.join(run, `${name}.jsonl`)))),
      ascii(`${JSON.stringify(failure)}\n`),
    ],
    async (bytes) => {
      writeFileSync(path.join(linked, 'records.jsonl'), bytes);
      await readCurves(linked);
      await readFailures(linked, await readRecords(linked));
    },
  );
  survives(
    'description of a run',
    async () => [new Uint8Array(readFileSync(path.join(run, 'run.json')))],
    (bytes) => {
      writeFileSync(path.join(folder, 'run.json'), bytes);
      return readRun(folder);
    },
  );
  survives(
    'pictures',
    async () => {
      const images = 'packages/image/test/fixtures/images';
      return readdirSync(path.join(root, images)).map((name) => bytesOf(`${images}/${name}`));
    },
    // A picture is larger than its file by nature; the limit is its pixels.
    (bytes) => decode(bytes, { maxPixels: 2 ** 17 }),
  );
});
