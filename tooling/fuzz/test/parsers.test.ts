// 2 000 mutated files for each parser; `pnpm fuzz` sets FUZZ_CASES to 100 000 and reports branch coverage. A failure names the seed that
// repeats it: FUZZ_SEED=<seed> FUZZ_CASES=1.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { gzipSync } from 'node:zlib';
import { LimitError, OptionError, UnsupportedError } from '@hybridcam/core';
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
import {
  readCosts,
  readCurves,
  readFailures,
  readPictures,
  readRecordLines,
} from '../../../apps/bench/src/records/read-records.ts';
import { RECORD_VERSION } from '../../../apps/bench/src/records/record.ts';
import { readRun } from '../../../apps/bench/src/records/run-json.ts';
import { bench } from '../../../apps/bench/test/run-bench.ts';
import { checkLabelCount, parseLabels } from '../../../packages/hybridcam/src/labels.ts';
import { imageHeader } from '../../../packages/image/src/header/image-header.ts';
import { withoutOrientation } from '../../../packages/image/src/header/without-orientation.ts';
import { abuse } from '../src/abuse.ts';
import {
  checkpointOf,
  notTorch,
  safetensorsOf,
  torchCheckpoints,
  torchPickles,
} from '../src/checkpoints-of-every-type.ts';
import { externalFiles, notOnnx, onnxOfEveryType } from '../src/onnx-of-every-type.ts';

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

const identity = {
  method: 'hybrid',
  params: { alpha: 0.7 },
  layer: 'layer4.2',
  metric: 'insertion',
  preset: 'rise',
};
const record = {
  v: RECORD_VERSION,
  key: 'b'.repeat(20),
  image: 'cat.png',
  sha256: hash,
  class: 281,
  p: 0.9,
  ...identity,
  value: 0.5,
  f0: 0.1,
  f1: 0.9,
  normalized: 0.5,
  ties: 0,
  flags: ['many-ties'],
  truth: 'class:281',
};
const curve = { v: RECORD_VERSION, key: record.key, x: [0, 0.5, 1], y: [0.1, 0.4, 0.9] };
const picture = {
  v: RECORD_VERSION,
  key: hash,
  image: 'cat.png',
  picture: 'aGk=',
  maps: [{ title: 'hybrid α0.7', shape: [1, 2], data: Buffer.alloc(8).toString('base64') }],
  truth: { class: 281, evidence: 'aGk=' },
};

const cost = { v: RECORD_VERSION, images: 8, forwards: 480, seconds: 30.5, batchSize: 8 };

/** What stands in the files of a run, and what reads it. */
const runLines: readonly (readonly [
  name: string,
  lines: readonly object[],
  read: (folder: string) => unknown,
])[] = [
  ['records', [record, { v: RECORD_VERSION, key: record.key, withdrawn: true }, record], readRecordLines],
  ['curves', [curve, curve], readCurves],
  ['failures', [failure, failure], (from) => readFailures(from, [])],
  ['pictures', [picture, picture], readPictures],
  ['costs', [cost, cost], readCosts],
];

let folder: string;
/** What a run of the bench leaves. */
let run: string;
/** Where its files are read from when they are damaged. */
let damaged: string;
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
  damaged = path.join(folder, 'damaged');
  mkdirSync(damaged);
  await tf.setBackend('cpu');
});
afterAll(() => rmSync(folder, { recursive: true }));

function survives(
  name: string,
  valid: () => Promise<Uint8Array[]>,
  parse: (bytes: Uint8Array) => unknown,
  refused: readonly Uint8Array[] = [],
): void {
  test(name, { timeout: 3_600_000 }, async () => {
    const outcome = await abuse({
      valid: await valid(),
      refused,
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

/** Elements are widened when they are read. */
function readAll(parameters: ReadonlyMap<string, { readonly data: Float32Array }>): void {
  for (const parameter of parameters.values()) parameter.data.at(-1);
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

/** With weights that are texts and numbers in fewer bits. */
const modelOfTexts = ascii(
  JSON.stringify({
    modelTopology: { model_config: {} },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: [
          { name: 't', shape: [2], dtype: 'string' },
          { name: 'q', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: -1 } },
        ],
      },
    ],
  }),
);

describe('mutated files are read or refused with a typed error', () => {
  survives(
    'ONNX',
    async () => [
      ...['dense.opset13', 'attention.opset11', 'norms.dynamo', 'half/attention.opset11'].map((name) =>
        bytesOf(`packages/onnx/test/autodiff/fixtures/${name}.onnx`),
      ),
      ...onnxOfEveryType(),
    ],
    (bytes) => {
      const graph = indexGraph(readOnnx(bytes));
      for (const tensor of graph.initializers.values()) {
        for (const read of [tensorFloats, tensorNumbers]) {
          try {
            read(tensor, externalFiles);
          } catch (error) {
            // Texts are no numbers, and weights no parameters: answers to what nobody asks of such a tensor.
            if (!(error instanceof UnsupportedError || error instanceof LimitError)) throw error;
          }
        }
      }
    },
    notOnnx,
  );
  survives(
    'safetensors of a checkpoint',
    async () => [bytesOf('packages/onnx/test/autodiff/fixtures/dense.opset13.safetensors'), safetensorsOf()],
    (bytes) => readAll(readCheckpoint(bytes, 'fuzz.safetensors')),
  );
  survives(
    'safetensors of the scenes network',
    async () => [await loadScenesWeights(), safetensorsOf(['F32', 'F16', 'BF16', 'U8', 'I8', 'U16', 'I16'])],
    (bytes) => {
      for (const tensor of readSafetensors(bytes).tensors.values()) tensorToFloat32(tensor);
    },
    [safetensorsOf()],
  );
  survives(
    '.pth',
    async () => [
      ...['tensors', 'wrapped', 'module'].map((name) => bytesOf(`packages/zoo/test/fixtures/${name}.pth`)),
      ...torchCheckpoints(),
    ],
    (bytes) => readAll(readCheckpoint(bytes, 'fuzz.pth')),
    notTorch(),
  );
  survives(
    'pickle in a .pth',
    async () => torchPickles(),
    (bytes) => readAll(readCheckpoint(checkpointOf(bytes), 'fuzz.pth')),
  );
  survives(
    'plan of a backward pass',
    async () => {
      const bytes = bytesOf('packages/onnx/test/autodiff/fixtures/dense.opset13.onnx');
      const plan = await differentiate(bytes, { ort, wrt: ['/Relu_output_0'] });
      const tap = { name: 't', dims: [1, undefined], dataType: 'float32' } as const;
      const bounds = { above: 0, below: 6, dataType: 'float32' } as const;
      const masked = {
        ...plan,
        taps: [
          { ...tap, mask: { of: 'x' } },
          { ...tap, mask: { of: 'y', bounds } },
        ],
      };
      return [plan, masked].map(writePlan);
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
    [modelOfTexts],
  );
  survives(
    'labels',
    async () => [
      ascii('cat\ndog\n'),
      ascii('cat\r\ndog\r\n'),
      ascii('["cat", "dog"]'),
      ascii('{"0": "cat", "1": ["n01", "dog"]}'),
    ],
    (bytes) => checkLabelCount(parseLabels(bytes, 'labels.txt'), 2),
  );
  survives(
    'manifest of images',
    async () => [
      ascii('{"file": "cat.jpg", "box": [1, 2, 30, 40], "class": 3}\n{"file": "dog.png"}\n'),
      ascii('\ufeff{"file": "cat.jpg", "mask": "masks/cat.png"}\n'),
    ],
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
      return sourceList(['https://host/bucket', file]);
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
    async () =>
      [
        [{ records: [], curves: [], failure }],
        [{ records: [record], curves: [curve], picture }],
        [{ records: [{ ...record, value: null, flags: ['no-mask'] }], curves: [] }],
      ].map((results) => ascii(JSON.stringify(results))),
    (bytes) =>
      unpackResults(gzipSync(bytes).toString('base64'), [
        { name: 'cat.png', sha256: hash, records: () => new Map([[record.key, identity]]) },
      ]),
  );
  for (const [name, lines, read] of runLines) {
    survives(
      `${name} of a run`,
      async () => [
        ...(existsSync(path.join(run, `${name}.jsonl`))
          ? [new Uint8Array(readFileSync(path.join(run, `${name}.jsonl`)))]
          : []),
        ascii(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
      ],
      (bytes) => {
        writeFileSync(path.join(damaged, `${name}.jsonl`), bytes);
        return read(damaged);
      },
    );
  }
  survives(
    'description of a run',
    async () => {
      const written = new Uint8Array(readFileSync(path.join(run, 'run.json')));
      const judgement = {
        reference: 'grad-cam',
        holdout: { metric: 'insertion', preset: 'rise' },
        notebook: { gradCam: [1, 2], layerCam: [1.5], hybrid: [] },
      };
      const more = {
        ...JSON.parse(new TextDecoder().decode(written)),
        judgement,
        batchSize: 8,
        labels: ['cat', 'dog'],
      };
      return [written, ascii(JSON.stringify(more))];
    },
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
    (bytes) => {
      withoutOrientation(bytes, imageHeader(bytes, 'fuzz').exif);
      // A picture is larger than its file by nature; the limit is its pixels.
      return decode(bytes, { maxPixels: 2 ** 17 });
    },
    [...notOnnx, ascii('\ufeff<?xml version="1.0"?>'), ascii('<svg xmlns="x">'), new Uint8Array(1)],
  );
});
