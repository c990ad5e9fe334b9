import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel } from '../tiny-model.ts';

let model: string;

beforeEach(() => {
  model = join(temporaryFolder(), 'tiny.onnx');
  writeFileSync(model, tinyModel());
});

describe('hybridcam layers', () => {
  it('prints shape, stride and parameters of each layer, and marks the default', async () => {
    const { code, stdout } = await runCommand(['layers', model]);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/layer +shape +stride +parameters +cost/);
    expect(stdout).toMatch(/^ {2}first +8×16×16 +2 +216 +1\.50×$/m);
    expect(stdout).toMatch(/^› second +12×8×8 +4 +1,080 +1\.00×$/m);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
  it('takes the model as a flag too, and prints JSON lines', async () => {
    const { code, stdout } = await runCommand(['layers', '--model', model, '--json']);
    expect(code).toBe(0);
    const layers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const last = layers.at(-1);
    expect(last).toMatchObject({
      name: 'second',
      shape: [12, 8, 8],
      stride: 4,
      parameterCount: 1080,
      layout: 'nchw',
      gradient: 'constant',
      cost: 1,
      blockedBy: null,
      default: true,
    });
    expect(last.aliases).toContain('last');
  });
  it('wants exactly one model: exit code 2', async () => {
    expect((await runCommand(['layers'])).code).toBe(2);
    expect((await runCommand(['layers', model, model])).code).toBe(2);
  });
  it('says what is wrong with a file that is no model: exit code 1', async () => {
    writeFileSync(model, 'hello');
    const { code, stdout, stderr } = await runCommand(['layers', model]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*text file[^\n]*\n$/);
  });
});
