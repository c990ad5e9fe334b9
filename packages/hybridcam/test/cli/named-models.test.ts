import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zoo } from '@hybridcam/zoo';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel } from '../tiny-model.ts';
import { tinyPng } from '../tiny-picture.ts';
import { writeComputedCheckpoint } from '../write-computed-checkpoint.ts';

let folder: string;
let picture: string;

beforeEach(() => {
  folder = temporaryFolder();
  picture = join(folder, 'cat.png');
  writeFileSync(picture, tinyPng(300, 260));
  // Whatever lies in the caches of this machine must not decide a test.
  for (const name of ['HYBRIDCAM_CACHE', 'TORCH_HOME', 'HF_HOME', 'HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE']) {
    vi.stubEnv(name, join(folder, 'caches'));
  }
});

afterEach(() => vi.unstubAllEnvs());

describe('hybridcam explain --model NAME --weights FILE', () => {
  it('builds the network from a local checkpoint, with PyTorch’s layer names and English class names', async () => {
    const weights = join(folder, 'computed.safetensors');
    writeComputedCheckpoint('mobilenet_v2', weights);
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await runCommand([
      ...['explain', picture, '--model', 'mobilenet_v2', '--weights', weights, '--offline'],
      ...['--class', 'tabby', '--layer', 'features.18', '--json', '--save', 'record', '--out', out],
    ]);
    expect({ code, error: stderr.match(/error.*/g) }).toEqual({ code: 0, error: null });
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'mobilenet_v2',
      layer: 'features.18',
      class: { index: 281, label: expect.stringMatching(/^tabby/) },
    });
    const record = JSON.parse(readFileSync(join(out, 'cat.hybrid.a0.7.record.json'), 'utf8'));
    expect(record.weights).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), verified: false });
    expect(record.preprocessing).toMatchObject({ resize: { size: 256 }, mean: [0.485, 0.456, 0.406] });
  });

  it('says which file is missing and where to put it when offline: exit code 1', async () => {
    const { code, stderr } = await runCommand(['explain', picture, '--model', 'resnet50', '--offline', '-q']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: [^\n]*resnet50-0676ba61\.pth[^\n]*\n$/);
    expect(stderr).toContain('0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a');
  });

  it('refuses weights for a file and for scenes: exit code 2', async () => {
    const model = join(folder, 'tiny.onnx');
    writeFileSync(model, tinyModel());
    for (const name of [model, 'scenes']) {
      const { code, stderr } = await runCommand(['layers', name, '--weights', 'x.pth']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/expected (no )?weights/);
    }
  });

  it('names the models there are for a mistyped one: exit code 1', async () => {
    const near = await runCommand(['layers', 'resnet5']);
    expect(near).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no such file.*Did you mean "resnet50"/),
    });
    const far = await runCommand(['layers', 'xyzzy']);
    expect(far.stderr).toMatch(/Models known by name are scenes, resnet18/);
  });

  it('lists the same names in its help', async () => {
    const { stdout } = await runCommand(['explain', '--help']);
    for (const name of ['scenes', ...Object.keys(zoo)]) expect(stdout).toContain(name);
  });
});

describe('hybridcam fetch', () => {
  it('lists what there is, with address and licence', async () => {
    const { code, stdout } = await runCommand(['fetch', '--list']);
    expect(code).toBe(0);
    for (const { name, checkpoint } of Object.values(zoo)) {
      expect(stdout).toContain(`${name}\n`);
      expect(stdout).toContain(checkpoint.url);
    }
    expect(stdout).toContain('BSD-3-Clause');
  });

  it('says what to put where when it may not fetch: exit code 1', async () => {
    const { code, stderr } = await runCommand(['fetch', 'resnet18', '--offline']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/resnet18-f37072fd\.pth/);
  });

  it.each([
    [['resnet51'], /Did you mean "resnet50"/],
    [[], /expected one name/],
    [['resnet50', '--list'], /no name with --list/],
  ])('refuses %j: exit code 2', async (args, message) => {
    const { code, stderr } = await runCommand(['fetch', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
