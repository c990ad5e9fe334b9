import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AbortedError, LimitError, view } from '@hybridcam/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTfjsModel } from '../src/index.ts';
import { loadTfjsModelFile } from '../src/node.ts';
import { held } from './held.ts';
import { fixturePath } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { useBackend } from './use-backend.ts';

const graphFile = fileURLToPath(fixturePath('graph-model-unfused/model.json'));

let folder: string;
beforeAll(async () => {
  await useBackend('cpu');
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-tfjs-'));
  const model = smallLayersModel();
  await model.save({
    async save(artifacts) {
      const weights = new Uint8Array(artifacts.weightData as ArrayBuffer);
      writeFileSync(path.join(folder, 'a.bin'), weights.subarray(0, 1000));
      writeFileSync(path.join(folder, 'b.bin'), weights.subarray(1000));
      const json = {
        modelTopology: artifacts.modelTopology,
        format: 'layers-model',
        weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights: artifacts.weightSpecs }],
      };
      writeFileSync(path.join(folder, 'model.json'), JSON.stringify(json));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  model.dispose();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface ModelJson {
  modelTopology?: unknown;
  weightsManifest?: { paths: string[]; weights: Record<string, unknown>[] }[];
}

/** The folder's model.json after a change. */
function changed(name: string, change: (model: ModelJson) => unknown): string {
  const model = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const file = path.join(folder, name);
  const result = change(model);
  writeFileSync(file, typeof result === 'string' ? result : JSON.stringify(model));
  return file;
}

describe('loadTfjsModelFile', () => {
  test('loads a LayersModel in shards: the same network, and dispose frees all of it', async () => {
    const before = held();
    const model = await loadTfjsModelFile(path.join(folder, 'model.json'));
    const [json, a, b] = ['model.json', 'a.bin', 'b.bin'].map((name) =>
      readFileSync(path.join(folder, name)),
    );
    expect(model.identity).toEqual({
      runtime: 'tfjs 4.22.0 (cpu)',
      name: path.basename(folder),
      sha256: createHash('sha256').update(json!).update(a!).update(b!).digest('hex'),
    });
    expect(model.defaultLayer).toBe('top');
    expect((await model.forward(view(new Float32Array(768), [1, 3, 16, 16]))).logits.shape).toEqual([1, 4]);
    await model.dispose();
    await model.dispose();
    expect(held()).toBe(before);
  });

  test('loads a GraphModel, artifacts and all', async () => {
    const before = held();
    const model = await loadTfjsModelFile(graphFile, { name: 'mine', labels: ['a', 'b', 'c', 'd', 'e'] });
    expect(model.identity.name).toBe('mine');
    expect(model.classCount).toBe(5);
    expect(model.resolveLayer('last').gradient).toBe('constant');
    await model.dispose();
    expect(held()).toBe(before);
  });

  test.each([
    '../b.bin',
    '/etc/hosts',
    'c:\\b.bin',
    'x/../../b.bin',
    'http://host/b.bin',
    'b.bin\u0000',
    '',
    './b.bin',
    '%2e%2e/b.bin',
  ])('refuses a weight file %j, which is not beside model.json', async (shard) => {
    const file = changed('escape.json', (model) => {
      model.weightsManifest![0]!.paths[1] = shard;
    });
    await expect(loadTfjsModelFile(file)).rejects.toMatchObject({ code: 'MODEL_FORMAT' });
  });

  test('refuses bytes that do not fit the manifest, with both numbers', async () => {
    const file = changed('short.json', (model) => {
      model.weightsManifest![0]!.paths.pop();
    });
    await expect(loadTfjsModelFile(file)).rejects.toThrow(
      /expected \d+ bytes of weights for the \d+ tensors .* hold 1000/,
    );
  });

  const edited =
    (edit: (model: ModelJson) => void): ((model: ModelJson) => string | undefined) =>
    (model) => {
      edit(model);
      return undefined;
    };
  const firstWeight = (replacement: object): ((model: ModelJson) => string | undefined) =>
    edited((model) => Object.assign(model.weightsManifest![0]!.weights[0]!, replacement));
  test.each([
    ['no JSON', () => 'PK\u0003\u0004'],
    ['other JSON', () => '[1, 2]'],
    ['a topology that is no object', edited((model) => Object.assign(model, { modelTopology: 'x' }))],
    ['no manifest', edited((model) => Object.assign(model, { weightsManifest: undefined }))],
    ['weights without a shape', firstWeight({ shape: undefined })],
    ['a negative extent', firstWeight({ shape: [-3, 3] })],
    ['an unknown dtype', firstWeight({ dtype: 'toString' })],
  ] as const)('refuses %s', async (_, change) => {
    await expect(loadTfjsModelFile(changed('bad.json', change))).rejects.toMatchObject({
      code: 'MODEL_FORMAT',
    });
  });

  test('refuses a layer that TensorFlow.js does not know, and says how to make it known', async () => {
    const file = changed('custom.json', (model) =>
      JSON.stringify(model).replace('"class_name":"SeparableConv2D"', '"class_name":"MyLayer"'),
    );
    await expect(loadTfjsModelFile(file)).rejects.toThrow(/Unknown layer: MyLayer.*registerClass/s);
  });

  test('says which file is missing', async () => {
    await expect(loadTfjsModelFile(path.join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const file = changed('missing.json', (model) => {
      model.weightsManifest![0]!.paths[1] = 'gone.bin';
    });
    await expect(loadTfjsModelFile(file)).rejects.toThrow(/expected a file "gone.bin"/);
    await expect(loadTfjsModelFile(folder)).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringMatching(/is a folder\. Pass the model\.json in it/),
    });
  });

  test('rejects when aborted', async () => {
    await expect(
      loadTfjsModelFile(path.join(folder, 'model.json'), { signal: AbortSignal.abort('enough') }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('loadTfjsModel', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url!.endsWith('silent.json')) return;
      try {
        response.end(readFileSync(path.join(folder, path.basename(request.url!))));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/small`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is aborted also where the server says nothing, and by a reason that is an error of ours', async () => {
    const controller = new AbortController();
    const loading = loadTfjsModel(`${base}/silent.json`, { signal: controller.signal });
    const reason = new LimitError('enough');
    setTimeout(() => controller.abort(reason), 20);
    const error = await loading.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AbortedError);
    expect((error as AbortedError).cause).toBe(reason);
  });

  test('loads over HTTP what loadTfjsModelFile loads from the folder', async () => {
    const [remote, local] = [
      await loadTfjsModel(`${base}/model.json`),
      await loadTfjsModelFile(path.join(folder, 'model.json')),
    ];
    expect(remote.identity).toEqual({ ...local.identity, name: 'small' });
    await remote.dispose();
    await local.dispose();
  });

  test('a page that is not there, or no server, is a NETWORK error', async () => {
    await expect(loadTfjsModel(`${base}/none.json`)).rejects.toThrow(/answered 404/);
    await expect(loadTfjsModel('http://127.0.0.1:1/model.json')).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
