import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { explainFlags } from 'hybridcam/command-kit';
import { describe, expect, it } from 'vitest';
import { runFlags } from '../src/commands/run-flags.ts';
import { readRecords } from '../src/records/read-records.ts';
import { readRun } from '../src/records/run-json.ts';
import { hashModelFiles } from '../src/run/hash-model-files.ts';
import { newFolder } from './bench-command.ts';
import { bench } from './run-bench.ts';

const plain = (out: string, ...more: string[]) =>
  bench('run', ...['--images', 'scenes:2', '--batch', '8', '--out', out, '-q', ...more]);
const run = (out: string, ...more: string[]) => plain(out, '--metric', 'insertion', ...more);
const values = async (folder: string) =>
  new Map((await readRecords(folder)).map(({ image, value }) => [image, value!]));

describe('the flags of hybridcam explain in run', () => {
  it('are all there, but for drawing, joining maps, presets of peers, and targets other than the class that the metrics score', () => {
    const others = ['save', 'colormap', 'opacity', 'json', 'preset', 'fuse', 'smooth', 'target'];
    expect(Object.keys(explainFlags).filter((name) => !(name in runFlags))).toEqual(
      Object.keys(explainFlags).filter((name) => others.includes(name)),
    );
  });

  it('--runtime tfjs gives the numbers of ONNX Runtime, as another run', async () => {
    const [onnx, tfjs] = [newFolder(), newFolder()];
    const wasm = ['--runtime', 'tfjs', '--device', 'wasm'];
    expect((await run(onnx)).code).toBe(0);
    expect(await run(tfjs, ...wasm)).toMatchObject({ code: 0, stderr: '' });
    const found = await values(tfjs);
    expect(found.size).toBe(2);
    for (const [image, value] of await values(onnx)) expect(found.get(image)).toBeCloseTo(value, 4);
    expect((await readRun(tfjs))!.runtime).toContain('(wasm)');
    expect((await run(onnx, ...wasm, '--resume')).stderr).toContain('differs in:');
  }, 120_000);

  it('that the model or its runtime would ignore are refused', async () => {
    const [out, file] = [path.join(newFolder(), 'run'), path.join(newFolder(), 'model.onnx')];
    writeFileSync(file, await scenesOnnxModel());
    expect((await run(out, '--output', 'none-such')).stderr).toContain('none-such');
    expect((await run(out, '--device', 'wasm')).stderr).toContain('expected no device');
    expect((await run(out, '--runtime', 'tfjs', '--output', 'x')).stderr).toContain('expected no output');
    expect((await run(out, '--tokens', 'many')).stderr).toContain('expected N+HEIGHTxWIDTH');
    expect((await run(out, '--weights', 'w.pth', '--model', file)).stderr).toContain('w.pth');
    expect((await run(out, '--queue', 'redis://x', '--runtime', 'tfjs')).stderr).toContain('no --queue');
    expect((await plain(out, '--runtime', 'tfjs', '--metric', 'weight-randomisation')).stderr).toContain(
      'scenes on tfjs',
    );
  }, 60_000);
});

describe('settings of methods in run', () => {
  it('reach the method, the parameters of the record and the title of the row', async () => {
    const out = newFolder();
    const methods = 'score-cam,score-cam:channels=2,grad-cam-plus-plus:variant=torchcam,random';
    const { code, stdout } = await run(out, '--method', methods);
    expect(code).toBe(0);
    const records = await readRecords(out);
    const scoreCam = (params: object) =>
      records
        .filter((record) => record.method === 'score-cam')
        .filter((record) => JSON.stringify(record.params) === JSON.stringify(params))
        .map(({ value }) => value);
    expect(scoreCam({})).toHaveLength(2);
    expect(scoreCam({ channels: 2 })).toHaveLength(2);
    // Two channels of the many make another map, and so another curve.
    expect(scoreCam({ channels: 2 })).not.toEqual(scoreCam({}));
    expect(records.find(({ method }) => method === 'grad-cam-plus-plus')!.params).toEqual({
      variant: 'torchcam',
    });
    expect(stdout).toContain('score-cam channels=2 @');
  }, 60_000);

  it('are checked: keys, numbers, and what belongs to another flag', async () => {
    const refusal = async (method: string) => (await run(newFolder(), '--method', method)).stderr;
    expect(await refusal('score-cam:chanels=2')).toContain('Did you mean "channels"?');
    expect(await refusal('hybrid:alpha=0.5')).toContain('--alpha');
    expect(await refusal('randm')).toContain('random');
    expect(await refusal('grad-cam,random:seed=1')).toContain('random');
  });
});

describe('hashModelFiles', () => {
  it('sees the weights behind a model.json', async () => {
    const folder = newFolder();
    const source = path.join(import.meta.dirname, '../../../packages/tfjs/test/fixtures/graph-model-fused');
    const { weightsManifest } = JSON.parse(readFileSync(path.join(source, 'model.json'), 'utf8'));
    const [weights] = weightsManifest[0].paths;
    for (const name of ['model.json', ...weightsManifest[0].paths])
      copyFileSync(path.join(source, name), path.join(folder, name));
    const model = path.join(folder, 'model.json');
    const first = await hashModelFiles(model);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    const bytes = readFileSync(path.join(folder, weights));
    bytes[0]! ^= 1;
    writeFileSync(path.join(folder, weights), bytes);
    expect(await hashModelFiles(model)).not.toBe(first);
    expect(await hashModelFiles('model.onnx')).toBeUndefined();
  });
});
