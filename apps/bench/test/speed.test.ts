import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeModel } from '@hybridcam/onnx';
import { loadScenesNetwork } from '@hybridcam/scenes';
import { tfjsNodeFolder } from '@hybridcam/test-utils';
import { layersModel } from '@hybridcam/zoo/tfjs';
import { startTfjsDevice } from 'hybridcam/command-kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../src/main.ts';
import { type SpeedReport, speedText } from '../src/speed/speed-report.ts';

async function speed(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const code = await main(['speed', '--quiet', ...args], {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

const small = ['--topology', 'scenes', '--rounds', '3'];
const withNode = tfjsNodeFolder() === undefined ? [] : ['tfjs-node'];

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('hybridcam-bench speed', () => {
  it('times every runtime against its own forward pass, per layer and batch', {
    timeout: 300_000,
  }, async () => {
    vi.stubEnv('HYBRIDCAM_TFJS_NODE', tfjsNodeFolder());
    const runtimes = ['onnx-node', 'onnx-wasm', 'tfjs-wasm', ...withNode];
    const layer = ['--layer', 'layer3.1', '--batch', '2', '--only', 'layers,batches,class-maps,cross-layer'];
    const { code, stdout, stderr } = await speed(...small, '--runtime', runtimes.join(), ...layer, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report: SpeedReport = JSON.parse(stdout);
    expect(report.runtimes.map(({ runtime }) => runtime)).toEqual(runtimes);
    for (const { runtime, library, results } of report.runtimes) {
      expect(library).toMatch(runtime.startsWith('onnx') ? /^onnxruntime-/ : /^tfjs 4/);
      const [forward, ...others] = results;
      expect(forward).toMatchObject({
        name: 'forward of the untouched model',
        batch: 1,
        ratio: 1,
        rounds: 3,
      });
      expect(others.map(({ layer: at, batch }) => `${at ?? '-'} ${batch}`)).toEqual([
        '- 1',
        ...['layer4.1 1', 'layer4.1 1', 'layer4.1 1'],
        ...(runtime.startsWith('onnx') ? ['layer4.1 1'] : []),
        ...['layer3.1 1', 'layer3.1 1', '- 2', 'layer4.1 2', 'layer3.1 2', 'layer4.1,layer1.1 1'],
      ]);
      for (const { low, median, high, ratio } of results) {
        expect(low).toBeGreaterThan(0);
        expect(median).toBeGreaterThanOrEqual(low);
        expect(high).toBeGreaterThanOrEqual(median);
        expect(ratio).toBeGreaterThan(0);
      }
    }
  });

  it('times the full evaluation at every layer and at every batch', { timeout: 300_000 }, async () => {
    const { stdout } = await speed(
      ...[...small, '--layer', 'layer3.1', '--batch', '2,3', '--only', 'curves', '--json'],
    );
    const report: SpeedReport = JSON.parse(stdout);
    const names = report.runtimes[0]!.results.map(({ name, batch }) => `${name} (${batch})`);
    expect(names.filter((name) => name.startsWith('full'))).toEqual([
      'full evaluation @ layer4.1, per forward (1)',
      'full evaluation @ layer3.1, per forward (1)',
      'full evaluation @ layer4.1, batch 2, per forward (2)',
      'full evaluation @ layer4.1, batch 3, per forward (3)',
    ]);
  });

  it("has a row for ONNX Runtime's own defaults, last, where there is an ONNX Runtime", {
    timeout: 300_000,
  }, async () => {
    const { stdout } = await speed(
      ...[...small, '--runtime', 'onnx-node,tfjs-cpu', '--only', 'runtime-defaults', '--json'],
    );
    const [onnx, tfjs] = (JSON.parse(stdout) as SpeedReport).runtimes;
    expect(onnx!.results.at(-1)!.name).toBe("forward, ONNX Runtime's defaults");
    expect(tfjs!.results.filter(({ name }) => name.includes('defaults'))).toEqual([]);
  });

  it('is readable at 80 columns, PyTorch beside it too', () => {
    const results = [
      'forward of the untouched model',
      'full evaluation @ features.18, batch 128, per forward',
    ].map((name) => ({ name, batch: 1, median: 1234.5, low: 1, high: 2, ratio: 1, rounds: 3 }));
    const pytorch = {
      torch: '2.13.0+cpu',
      threads: 16,
      spin: false,
      layers: ['features.18', 'features.14'].map((layer) => ({
        ...{ layer, forward: 30.2, torchForward: 1112.8, explain: 1114.6 },
        ...{ loop: 2541.6, loopGain: 341.02 },
        ...{ notebook: 1428.8, lean: 1830.7, gain: 191.69, algorithm: 11.61, engine: 156.94 },
      })),
    };
    const report: SpeedReport = {
      ...{ model: 'mobilenet_v2 (random weights)', node: 'v20.20.2', pytorch },
      runtimes: [{ runtime: 'onnx-node', library: 'onnxruntime-node 1.30.0 (cpu)', results }],
    };
    const text = speedText(report);
    expect(text).toContain('191.69 × the notebook');
    expect(text).toContain('2541.6 ms, 341.02 ×; ours tells all three');
    const spinning = speedText({ ...report, pytorch: { ...pytorch, spin: true } });
    expect(spinning).not.toContain('sleep');
    for (const line of [...text.split('\n'), ...spinning.split('\n')]) {
      expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('is readable at 80 columns', { timeout: 300_000 }, async () => {
    const { stdout } = await speed(
      ...small,
      '--runtime',
      'onnx-node,tfjs-wasm',
      '--layer',
      'layer3.1',
      '--batch',
      '2',
      '--only',
      'layers,batches,class-maps,cross-layer',
    );
    expect(stdout).toMatch(/^scenes, Node v/);
    expect(stdout).toMatch(/^onnxruntime-node \S+ \(cpu\)$/m);
    expect(stdout).toMatch(/^tfjs \S+ \(wasm\)$/m);
    expect(stdout).toMatch(/^ {2}explain, hybrid @ layer4\.1 +[\d.]+ ms +\d\.\d{3} ×$/m);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('times a model.json on tfjs-wasm by itself', { timeout: 300_000 }, async () => {
    const file = await writeLayersModel();
    const { code, stdout, stderr } = await speed(
      '--model',
      file,
      '--rounds',
      '3',
      '--only',
      'layers',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report: SpeedReport = JSON.parse(stdout);
    expect(report).toMatchObject({ model: 'small', runtimes: [{ runtime: 'tfjs-wasm' }] });
    expect(report.runtimes[0]!.results.map(({ name }) => name)).toContain('explain, hybrid @ layer4.1');
  });

  it('times a model whose weights lie in another file', { timeout: 300_000 }, async () => {
    const model = writeModelWithWeightsBeside();
    const { code, stdout, stderr } = await speed(
      ...['--model', model, '--rounds', '3', '--only', 'layers', '--json'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report: SpeedReport = JSON.parse(stdout);
    expect(report.runtimes[0]!.results.map(({ name }) => name)).toContain('explain, hybrid @ map');

    rmSync(path.join(path.dirname(model), 'weights.bin'));
    const refused = await speed('--model', model, '--rounds', '3', '--only', 'layers');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/expected its weights in "weights\.bin" beside it; no such file/);
  });

  it.each([
    [['--runtime', 'tfjs-gpu'], /--runtime: .*Did you mean "tfjs-cpu"/],
    [['--runtime', 'onnx-node,onnx-node'], /--runtime: expected each name once/],
    [['--only', 'curve'], /--only: .*Did you mean "curves"/],
    [['--batch', '0'], /--batch: expected a whole number of at least 1/],
    [['--rounds', '2'], /--rounds: expected a whole number of at least 3/],
    [['--memory', '--runtime', 'tfjs-wasm'], /--memory: expected the runtime onnx-node/],
    [['--model', 'a.onnx', '--topology', 'scenes'], /expected --model or --topology/],
    [
      ['--model', 'a.onnx', '--runtime', 'onnx-node,tfjs-wasm'],
      /read a\.onnx \(onnx-…\); received "tfjs-wasm"/,
    ],
    [
      ['--model', 'model.json', '--runtime', 'onnx-wasm'],
      /read model\.json \(tfjs-…\); received "onnx-wasm"/,
    ],
    [['--topology', 'vgg16'], /--topology/],
    [
      ['--peer', 'pytorch', '--model', 'mobilenet.onnx'],
      /--peer pytorch: expected a --topology.* received mobilenet\.onnx/,
    ],
    [['--peer', 'pytorch', '--runtime', 'tfjs-wasm'], /--peer pytorch: expected the runtime onnx-node/],
    [['--peer', 'jax'], /--peer/],
    [['--spin'], /--spin: expected --peer/],
  ])('refuses %j before anything is loaded: exit code 2', async (args, message) => {
    const { code, stderr } = await speed(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

/** A convolution, a global mean and a linear head, on 224 × 224 pixels. */
function writeModelWithWeightsBeside(): string {
  const weights = Float32Array.from({ length: 108 }, (_, i) => Math.sin(i));
  const model = writeModel({
    opsets: { '': 13 },
    graph: {
      name: 'beside',
      inputs: [{ name: 'image', dataType: 'float32', shape: ['N', 3, 224, 224] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['N', 4] }],
      initializers: [
        {
          name: 'w',
          dims: [4, 3, 3, 3],
          dataType: 'float32',
          external: { location: 'weights.bin', offset: 0, length: undefined },
        },
        { name: 'head', dims: [4, 4], dataType: 'float32', data: weights.subarray(0, 16) },
      ],
      nodes: [
        { opType: 'Conv', inputs: ['image', 'w'], outputs: ['map'], attributes: { strides: [16, 16] } },
        { opType: 'GlobalAveragePool', inputs: ['map'], outputs: ['mean'] },
        { opType: 'Flatten', inputs: ['mean'], outputs: ['vector'] },
        { opType: 'Gemm', inputs: ['vector', 'head'], outputs: ['logits'] },
      ],
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-speed-'));
  writeFileSync(path.join(folder, 'weights.bin'), new Uint8Array(weights.buffer));
  writeFileSync(path.join(folder, 'beside.onnx'), model);
  return path.join(folder, 'beside.onnx');
}

/** The embedded network as TensorFlow.js saves it. */
async function writeLayersModel(): Promise<string> {
  await startTfjsDevice('wasm');
  const network = await loadScenesNetwork();
  const model = layersModel(network, network.parameters);
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'bench-speed-')), 'small');
  mkdirSync(folder);
  await model.save({
    async save({ modelTopology, weightSpecs, weightData }) {
      writeFileSync(path.join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      writeFileSync(path.join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  model.dispose();
  return path.join(folder, 'model.json');
}
