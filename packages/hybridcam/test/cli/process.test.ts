import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel } from '../tiny-model.ts';
import { tinyPng } from '../tiny-picture.ts';

const bin = fileURLToPath(new URL('../../bin/hybridcam.js', import.meta.url));
const isBuilt = existsSync(fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** Sends Ctrl-C when stderr holds this text. */
  readonly interruptAt?: string;
}

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 'tiny.onnx'), tinyModel({ shape: ['N', 3, 'H', 'W'] }));
  writeFileSync(join(folder, 'cat.png'), tinyPng(300, 260));
});

function run(args: readonly string[], { cwd, env = {}, interruptAt }: RunOptions): Promise<Ended> {
  const own = { ...process.env, ...env };
  delete own['ORT_DISABLE_TELEMETRY'];
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: own });
  let [stdout, stderr] = ['', ''];
  let interrupted = false;
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
    if (interruptAt === undefined || interrupted || !stderr.includes(interruptAt)) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe.skipIf(!isBuilt)('bin/hybridcam.js as a process (needs pnpm build)', () => {
  it('explains a picture into ./hybridcam-out of the folder it is called in', async () => {
    const { code, stdout, stderr } = await run(['explain', 'cat.png', '--model', 'tiny.onnx'], {
      cwd: folder,
    });
    expect({ code, errors: stderr.match(/error.*/g) }).toEqual({ code: 0, errors: null });
    expect(stdout).toContain(join('hybridcam-out', 'cat.hybrid.a0.7.overlay.png'));
    expect(readdirSync(join(folder, 'hybridcam-out'))).toHaveLength(2);
  });

  it('leaves no trace of ONNX Runtime’s telemetry: nothing outside the output folder is written', async () => {
    const home = join(folder, 'home');
    mkdirSync(home);
    const env = { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), TMPDIR: home, USERPROFILE: home };
    const { code } = await run(['explain', 'cat.png', '--model', 'tiny.onnx', '-q'], { cwd: folder, env });
    expect(code).toBe(0);
    expect(readdirSync(home)).toEqual([]);
  });

  it('prints nothing but JSON with --json, and its progress on stderr', async () => {
    const args = ['explain', 'cat.png', '--model', 'tiny.onnx', '--save', 'none', '--json'];
    const { stdout, stderr } = await run(args, { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ file: 'cat.png' });
    expect(stderr).toContain('explaining 1/1 cat.png');
    expect(existsSync(join(folder, 'hybridcam-out'))).toBe(false);
  });

  it('ends on Ctrl-C between images with code 130 and no half-written file', async () => {
    mkdirSync(join(folder, 'many'));
    for (let i = 0; i < 200; i++) copyFileSync(join(folder, 'cat.png'), join(folder, 'many', `${i}.png`));
    const args = ['explain', 'many', '--model', 'tiny.onnx', '--save', 'overlay'];
    const { code, stderr } = await run(args, { cwd: folder, interruptAt: 'explaining 3/200' });
    expect(code).toBe(130);
    expect(stderr).toMatch(/error: .*aborted.*\n$/);
    const written = readdirSync(join(folder, 'hybridcam-out'));
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(200);
    expect(written.filter((name) => !/^\d+\.hybrid\.a0\.7\.overlay\.png$/.test(name))).toEqual([]);
  });

  it('is quiet about a reader that left: hybridcam cite | head -1', async () => {
    const child = spawn(process.execPath, [bin, 'cite'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('shows a stack trace only when asked for', async () => {
    const plain = await run(['layers', 'none.onnx'], { cwd: folder });
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/^error: [^\n]+\n$/);
    const debug = await run(['layers', 'none.onnx'], { cwd: folder, env: { HYBRIDCAM_DEBUG: '1' } });
    expect(debug.stderr).toMatch(/\n\s+at /);
  });
});

it('says what to do when it was not built', async () => {
  const copy = join(folder, 'package', 'bin');
  mkdirSync(copy, { recursive: true });
  copyFileSync(bin, join(copy, 'hybridcam.mjs'));
  const child = spawn(process.execPath, [join(copy, 'hybridcam.mjs'), 'cite']);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^hybridcam: expected compiled code in dist; found none\. Run .*pnpm build.*\n$/);
});
