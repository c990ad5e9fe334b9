import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CommandResult, runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel } from '../tiny-model.ts';
import { tinyPng } from '../tiny-picture.ts';

const transformer = fileURLToPath(
  new URL('../../../onnx/test/network/fixtures/class_token.opset17.onnx', import.meta.url),
);
let out: string;
let model: string;
let picture: string;
beforeEach(() => {
  const folder = temporaryFolder();
  [model, picture, out] = [join(folder, 'tiny.onnx'), join(folder, 'disc.png'), join(folder, 'out')];
  writeFileSync(model, tinyModel());
  writeFileSync(picture, tinyPng());
});

const explain = (...args: string[]): Promise<CommandResult> =>
  runCommand(['explain', picture, '--out', out, '--save', 'cam,record', ...args]);

const size = ['--resize', '36', '--crop', '32'];

describe('methods that look at the whole network', () => {
  it('full-grad stands beside a method with a typed layer, and has none itself', async () => {
    const asked = ['--model', 'scenes', '--method', 'hybrid,full-grad', '--layer', 'layer3.1'];
    expect(await explain(...asked)).toMatchObject({ code: 0 });
    const record = (method: string) =>
      JSON.parse(readFileSync(join(out, `disc.${method}.record.json`), 'utf8'));
    expect(readdirSync(out)).toHaveLength(4);
    expect(record('hybrid.a0.7').targetLayers).toEqual(['layer3.1']);
    expect(record('full-grad').targetLayers).toEqual([]);
  });

  it('full-grad stands beside a method whose layers are fused, and fuses none itself', async () => {
    const layers = ['--layer', 'layer3.0,layer3.1', '--fuse', 'mean'];
    const asked = ['--model', 'scenes', '--method', 'hybrid,full-grad', ...layers];
    expect(await explain(...asked)).toMatchObject({ code: 0 });
    const fusions = readdirSync(out)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(out, file), 'utf8')))
      .map(({ method, layerFusion }) => [method.name, layerFusion]);
    expect(new Map(fusions as [string, string | null][])).toEqual(
      new Map([
        ['hybrid', 'mean'],
        ['full-grad', null],
      ]),
    );
  });

  it('attention-rollout finds the matrices of a transformer, and takes no target', async () => {
    const asked = ['--model', transformer, '--method', 'attention-rollout'];
    expect(await explain(...asked)).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toContain('disc.attention-rollout.cam.npy');
    const { code, stderr } = await explain(...asked, '--target', 'rest');
    expect(code).toBe(2);
    expect(stderr).toMatch(/--target: expected a method that looks at the class/);
  });

  it('le-grad asks the blocks of a transformer about the class', async () => {
    const asked = ['--model', transformer, '--method', 'le-grad', '--class', '1'];
    expect(await explain(...asked)).toMatchObject({ code: 0 });
    const record = JSON.parse(readFileSync(join(out, 'disc.le-grad.record.json'), 'utf8'));
    expect(record).toMatchObject({
      targetLayers: [],
      class: { index: 1 },
      range: { unit: 'score' },
      status: 'ok',
    });
  });

  it('a layer for them alone is a mistake of the command line', async () => {
    const { code, stderr } = await explain(
      '--model',
      model,
      ...size,
      '--method',
      'full-grad',
      '--layer',
      'first',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/--layer: expected a method that looks at a layer; received full-grad/);
  });

  it.each([
    ['full-grad', /error: explain: expected the gradients .* no layer of the network adds a bias/],
    [
      'le-grad',
      /error: explain: expected attention matrices and the scores behind each block .* as in a vision transformer/,
    ],
    [
      'attention-rollout',
      /error: explain: expected attention matrices .* no step of the network is a softmax/,
    ],
  ])(
    '%s of a network without such a part is a limit of the model, whatever layer others look at',
    async (name, text) => {
      for (const more of [[], ['--layer', 'first']]) {
        const { code, stderr } = await explain(
          '--model',
          model,
          ...size,
          '--method',
          `hybrid,${name}`,
          ...more,
        );
        expect(code).toBe(1);
        expect(stderr).toMatch(text);
      }
    },
  );
});
