import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { view } from '@hybridcam/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadModel } from '../src/load-model.ts';
import { createPlanFolder } from '../src/plan-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tinyModel } from './tiny-model.ts';

let folder: string;

beforeEach(() => {
  folder = join(temporaryFolder(), 'plans');
});

const image = view(
  Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i * 0.37)),
  [1, 3, 32, 32],
);

async function gradient(): Promise<Float32Array> {
  const model = await loadModel(tinyModel(), { plans: createPlanFolder(folder) });
  const pass = await model.forward(image, { layers: ['first'] });
  const found = await pass.gradients(['first'], view(Float32Array.of(1, 0, 0, 0, 0), [1, 5]));
  await model.dispose();
  return found.get('first')!.data.slice();
}

describe('createPlanFolder', () => {
  it('keeps plans as whole files, one for each layer and input size', async () => {
    const first = await gradient();
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^[0-9a-f]{64}\.plan$/);
    expect(await gradient()).toEqual(first);
    expect(readdirSync(folder)).toEqual(files);
  });

  it('knows no plan in a folder that is not there, or is a file', async () => {
    expect(await createPlanFolder(folder).read('x')).toBeUndefined();
    writeFileSync(folder, 'in the way');
    const store = createPlanFolder(folder);
    await store.write('x', Uint8Array.of(1));
    expect(await store.read('x')).toBeUndefined();
    expect(readFileSync(folder, 'utf8')).toBe('in the way');
  });

  it('lets the oldest go beyond 256', async () => {
    mkdirSync(folder);
    for (let i = 0; i < 257; i++) {
      const file = join(folder, `${i}.plan`);
      writeFileSync(file, 'x');
      utimesSync(file, 1000 + i, 1000 + i);
    }
    writeFileSync(join(folder, 'other.txt'), 'not ours');
    await createPlanFolder(folder).write('new', Uint8Array.of(1, 2));
    expect(readdirSync(folder).filter((name) => name.endsWith('.plan'))).toHaveLength(256);
    expect(existsSync(join(folder, '0.plan'))).toBe(false);
    expect(existsSync(join(folder, '1.plan'))).toBe(false);
    expect(existsSync(join(folder, 'new.plan'))).toBe(true);
    expect(existsSync(join(folder, 'other.txt'))).toBe(true);
  });
});
