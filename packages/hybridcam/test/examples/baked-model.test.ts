import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const example = join(root, 'examples/baked-model');
const named = process.env['HYBRIDCAM_PYTHON'];
const python = named ?? 'python3';
// A Python that is named must have them: a job that promises this test shall not skip its half.
const hasRuntime =
  named !== undefined || spawnSync(python, ['-c', 'import onnxruntime, numpy, PIL']).status === 0;

/** The example's folder as its README leaves it before the last two lines: baked model, picture, installed packages. */
async function prepared(): Promise<{ folder: string; picture: string }> {
  const folder = temporaryFolder();
  for (const file of ['explain.mjs', 'explain.py']) copyFileSync(join(example, file), join(folder, file));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const [room, name] of [
    ['hybridcam', 'onnxruntime-node'],
    ['image', 'sharp'],
  ]) {
    symlinkSync(realpathSync(join(root, 'packages', room!, 'node_modules', name!)), join(modules, name!));
  }
  const baked = join(folder, 'scenes-cam.onnx');
  expect((await runCommand(['bake', 'scenes', '-o', baked, '--normalize', 'max'])).code).toBe(0);
  expect((await runCommand(['scenes', '--count', '1', '--out', folder, '-q'])).code).toBe(0);
  const picture = readdirSync(folder).find((file) => file.endsWith('.png'))!;
  return { folder, picture };
}

function printed(folder: string, program: string, args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  expect(status, stderr).toBe(0);
  const [head = '', ...rows] = stdout.trim().split('\n');
  return { head, rows: rows.map((row) => row.split(' ').map(Number)) };
}

describe('examples/baked-model', () => {
  it('runs in Node as the README says', async () => {
    const { folder, picture } = await prepared();
    const inNode = printed(folder, process.execPath, ['explain.mjs', 'scenes-cam.onnx', picture]);
    const readme = readFileSync(join(example, 'README.md'), 'utf8');
    expect(readme).toContain(`node explain.mjs scenes-cam.onnx ${picture}`);
    expect(readme).toContain(`python explain.py scenes-cam.onnx ${picture}`);
    expect(inNode.head).toMatch(/^class \d, map \d+x\d+$/);
    const cells = inNode.rows.flat();
    expect(Math.max(...cells)).toBe(1);
    expect(cells.every((value) => value >= 0)).toBe(true);
  });

  it.skipIf(!hasRuntime)('gives the same map in Python (needs onnxruntime, numpy and PIL)', async () => {
    const { folder, picture } = await prepared();
    const inNode = printed(folder, process.execPath, ['explain.mjs', 'scenes-cam.onnx', picture]);
    expect(printed(folder, python, ['explain.py', 'scenes-cam.onnx', picture])).toEqual(inNode);
  });
});
