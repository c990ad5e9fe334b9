import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel } from '../tiny-model.ts';

let model: string;

beforeEach(() => {
  model = join(temporaryFolder(), 'tiny.onnx');
  writeFileSync(model, tinyModel({ shape: ['N', 3, 32, 32] }));
});

describe('hybridcam doctor', () => {
  it('says in words what works, what it costs and what to do next', async () => {
    const { code, stdout } = await runCommand(['doctor', model, '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny\.onnx\n/);
    expect(stdout).toMatch(/input +"image", 3×32×32/);
    expect(stdout).toMatch(/scores +5 classes, as logits/);
    expect(stdout).toMatch(/default layer +second, 12×8×8: its gradient comes in closed form/);
    expect(stdout).toMatch(/cross-layer +second × first/);
    expect(stdout).toMatch(/forward pass +[\d.]+ ms +1\.00 ×/);
    expect(stdout).toMatch(/cross-layer-hybrid at second × first +[\d.]+ ms +[\d.]+ ×/);
    expect(stdout).toContain(`hybridcam explain photo.jpg --model ${model}`);
    for (const line of stdout.split('\n').slice(0, -2)) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await runCommand(['doctor', '--model', model, '--json', '--quiet']);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      model: { name: 'tiny.onnx' },
      classCount: 5,
      scoreKind: 'logit',
      defaultLayer: { name: 'second', shape: [12, 8, 8], gradient: 'constant' },
      crossLayers: ['second', 'first'],
      blocks: [],
    });
    expect(found.methods.every(({ refusal }: { refusal: string | null }) => refusal === null)).toBe(true);
    expect(found.cost[0]).toMatchObject({ what: 'forward', ratio: 1 });
  });

  it('wants exactly one model: exit code 2', async () => {
    expect((await runCommand(['doctor'])).code).toBe(2);
  });
});
