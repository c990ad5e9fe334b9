// Every option of both programs that takes a path, with paths that cannot be meant: the answer is an error that a person can act on, never
// the sentence that it is our bug.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { main as bench } from '../../../apps/bench/src/main.ts';
import { main as hybridcam } from '../../../packages/hybridcam/src/cli/main.ts';
import { tinyModel } from '../../../packages/hybridcam/test/tiny-model.ts';
import { writeTinyTfjsModel } from '../../../packages/hybridcam/test/tiny-tfjs-model.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-paths-'));
const at = (name: string): string => path.join(folder, name);
const [model, picture, run] = [at('model.onnx'), at('picture.png'), at('run')];
/** What commands may write, emptied after each. */
const out = at('out');

async function call(program: typeof bench, args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await program(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

beforeAll(async () => {
  vi.stubEnv('HYBRIDCAM_CACHE', at('cache'));
  writeFileSync(model, tinyModel());
  await writeTinyTfjsModel(at('tfjs'));
  const drawn = await call(hybridcam, ['scenes', '-n', '1', '-q', '-o', at('scenes')]);
  const [name] = readdirSync(at('scenes')).filter((entry) => entry.endsWith('.png'));
  cpSync(path.join(at('scenes'), name!), picture);
  const made = await call(bench, ['run', '--images', 'scenes:1', '-q', '-o', run]);
  expect([drawn.stderr, made.stderr]).toEqual(['', '']);
}, 60_000);
afterEach(() => rmSync(out, { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/** Paths where no file is, or none that can be read; called with the extension that the option wants. */
const unreadable = {
  nothing: (extension: string) => at(`nothing${extension}`),
  'a path through a file': (extension: string) => path.join(picture, `x${extension}`),
  'a link to itself': (extension: string) => {
    const link = at(`link${extension}`);
    rmSync(link, { force: true });
    symlinkSync(link, link);
    return link;
  },
  'a name that is too long': (extension: string) => at(`${'x'.repeat(300)}${extension}`),
  'a folder': (extension: string) => {
    mkdirSync(at(`folder${extension}`), { recursive: true });
    return at(`folder${extension}`);
  },
};
const file = (name: string, text: string) => (extension: string) => {
  writeFileSync(at(`${name}${extension}`), text);
  return at(`${name}${extension}`);
};
const useless = {
  ...unreadable,
  'an empty file': file('empty', ''),
  'another file': file('text', 'nothing of the kind\n'),
  'other JSON': file('json', '{"a": [1]}\n'),
};
const { 'a folder': _folder, ...noFolder } = useless;
const { nothing: _nothing, 'a link to itself': _link, ...notWritable } = noFolder;

type Case = readonly [
  name: string,
  program: typeof bench,
  kinds: Readonly<Record<string, (extension: string) => string>>,
  extension: string,
  args: (path: string) => readonly string[],
];

const explain = ['explain', picture, '-q', '-o', out];
const benchRun = ['run', '--images', picture, '-q', '-o', out];
/** Nobody listens there, and nobody is asked before everything else has been looked at. */
const queue = ['--queue', 'redis://127.0.0.1:1'];
const cases: readonly Case[] = [
  ['explain IMAGE', hybridcam, useless, '.png', (bad) => ['explain', bad, '-q', '-o', out]],
  ['explain --model', hybridcam, useless, '.onnx', (bad) => [...explain, '-m', bad]],
  ['explain --model, tfjs', hybridcam, useless, '.json', (bad) => [...explain, '-m', bad]],
  ['explain --labels', hybridcam, useless, '.txt', (bad) => [...explain, '-m', model, '--labels', bad]],
  [
    'explain --weights',
    hybridcam,
    useless,
    '.pth',
    (bad) => [...explain, '-m', 'resnet18', '--weights', bad],
  ],
  ['explain --out', hybridcam, notWritable, '', (bad) => ['explain', picture, '-q', '-m', model, '-o', bad]],
  ['layers', hybridcam, useless, '.onnx', (bad) => ['layers', bad]],
  ['layers, tfjs', hybridcam, useless, '.json', (bad) => ['layers', bad]],
  ['layers --weights', hybridcam, useless, '.safetensors', (bad) => ['layers', 'resnet18', '--weights', bad]],
  ['doctor --weights', hybridcam, useless, '.pth', (bad) => ['doctor', 'resnet18', '-q', '--weights', bad]],
  ['bake', hybridcam, useless, '.onnx', (bad) => ['bake', bad, '-q', '-o', path.join(out, 'x.onnx')]],
  ['bake, tfjs', hybridcam, useless, '.json', (bad) => ['bake', bad, '-q', '-o', path.join(out, 'x.onnx')]],
  [
    'bake --weights',
    hybridcam,
    useless,
    '.pth',
    (bad) => ['bake', 'resnet18', '-q', '--weights', bad, '-o', path.join(out, 'x.onnx')],
  ],
  ['scenes --out', hybridcam, notWritable, '', (bad) => ['scenes', '-n', '1', '-q', '-o', bad]],
  ['fetch', hybridcam, useless, '.pth', (bad) => ['fetch', bad, '--offline']],
  ['run --images', bench, unreadable, '', (bad) => ['run', '--images', bad, '-q', '-o', out]],
  ['run --images, a manifest', bench, useless, '.jsonl', (bad) => ['run', '--images', bad, '-q', '-o', out]],
  ['run --model', bench, useless, '.onnx', (bad) => [...benchRun, '-m', bad]],
  ['run --model, tfjs', bench, useless, '.json', (bad) => [...benchRun, '-m', bad]],
  ['run --labels', bench, useless, '.txt', (bad) => [...benchRun, '-m', model, '--labels', bad]],
  ['run --weights', bench, useless, '.pth', (bad) => [...benchRun, '-m', 'resnet18', '--weights', bad]],
  ['run --out', bench, notWritable, '', (bad) => ['run', '--images', 'scenes:1', '-q', '-o', bad]],
  ['run --queue --source', bench, useless, '.jsonl', (bad) => [...benchRun, ...queue, '--source', bad]],
  ['run --queue --model', bench, useless, '.onnx', (bad) => [...benchRun, ...queue, '-m', bad]],
  [
    'run --queue --labels',
    bench,
    useless,
    '.txt',
    (bad) => [...benchRun, ...queue, '-m', model, '--labels', bad],
  ],
  [
    'reproduce --images',
    bench,
    useless,
    '.jsonl',
    (bad) => ['reproduce', 'notebook', '--images', bad, '-q', '-o', out],
  ],
  [
    'reproduce --model',
    bench,
    useless,
    '.onnx',
    (bad) => ['reproduce', 'notebook', '--images', picture, '-q', '-o', out, '-m', bad],
  ],
  ['report', bench, useless, '', (bad) => ['report', bad]],
  ['report, second folder', bench, useless, '', (bad) => ['report', '-q', run, bad]],
  ['compare', bench, useless, '', (bad) => ['compare', run, bad]],
  ['speed --model', bench, useless, '.onnx', (bad) => ['speed', '-q', '-m', bad]],
  [
    'speed --model, wasm',
    bench,
    useless,
    '.onnx',
    (bad) => ['speed', '-q', '--runtime', 'onnx-wasm', '-m', bad],
  ],
  ['speed --model, tfjs', bench, useless, '.json', (bad) => ['speed', '-q', '-m', bad]],
  ['speed --memory', bench, useless, '.onnx', (bad) => ['speed', '-q', '--memory', '-m', bad]],
  [
    'speed --python',
    bench,
    useless,
    '',
    (bad) => [
      'speed',
      '-q',
      '--topology',
      'scenes',
      '--rounds',
      '3',
      '--only',
      'class-maps',
      '--peer',
      'pytorch',
      '--python',
      bad,
    ],
  ],
  ['worker --cache', bench, notWritable, '', (bad) => ['worker', ...queue, '--cache', bad]],
  ['worker --mount', bench, noFolder, '', (bad) => ['worker', ...queue, '--cache', out, '--mount', bad]],
];

describe.each(cases)('%s', (_, program, kinds, extension, args) => {
  test.each(Object.keys(kinds))('%s', async (kind) => {
    const { code, stdout, stderr } = await call(program, args(kinds[kind]!(extension)));
    expect(stderr).not.toContain('This is a bug');
    expect(stderr).toMatch(/^(.*\n)?error: \S.*\n$/);
    expect(stdout).toBe('');
    expect(code).toBeOneOf([1, 2]);
  });
});

test('doctor describes what it was given', async () => {
  for (const kind of Object.keys(useless) as (keyof typeof useless)[]) {
    const { code, stdout, stderr } = await call(hybridcam, ['doctor', useless[kind]('.onnx'), '-q']);
    expect(`${stdout}${stderr}`).not.toContain('This is a bug');
    expect(code).toBe(1);
  }
});

test.each(['an empty file', 'another file', 'other JSON'] as const)(
  'run --images: %s is a row',
  async (kind) => {
    const { code, stdout, stderr } = await call(bench, [
      'run',
      '--images',
      useless[kind]('.png'),
      '-q',
      '-o',
      out,
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('1 image failed');
  },
);

test('a file that is not there is missed by name, with exit code 1', async () => {
  const missing = at('nothing.onnx');
  for (const [program, args] of [
    [hybridcam, [...explain, '-m', missing]],
    [bench, [...benchRun, '-m', missing]],
    [bench, ['speed', '-q', '-m', missing]],
    [bench, ['run', '--images', at('nothing.jsonl'), '-q', '-o', out]],
  ] as const) {
    const { code, stderr } = await call(program, args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing\.\w+.*no such file/);
  }
});

test.each(['explain', 'layers'])(
  '%s with a cache that is a file, and nobody to fetch from',
  async (command) => {
    vi.stubEnv('HYBRIDCAM_CACHE', picture);
    vi.stubEnv('HYBRIDCAM_MIRROR', 'http://127.0.0.1:1/');
    const args = command === 'explain' ? [...explain, '-m', 'resnet18'] : ['layers', 'resnet18'];
    const { code, stderr } = await call(hybridcam, args);
    vi.stubEnv('HYBRIDCAM_MIRROR', '');
    vi.stubEnv('HYBRIDCAM_CACHE', at('cache'));
    expect(stderr).not.toContain('This is a bug');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/error: /) });
  },
);

test('a model.json by its folder: hashed for records, refused for a queue', async () => {
  const direct = await call(bench, ['run', '--images', picture, '-q', '-m', at('tfjs'), '-o', out]);
  expect(direct).toMatchObject({ code: 0, stderr: '' });
  const { code, stderr } = await call(bench, [...benchRun, ...queue, '-m', at('tfjs')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/error: --queue: expected an ONNX file/);
});

/** Which files of a run folder a command reads. */
const lines = ['records', 'curves', 'failures', 'pictures', 'costs'].map((name) => `${name}.jsonl`);
const reads = {
  report: ['run.json', ...lines],
  compare: ['run.json', 'records.jsonl'],
  'run --resume': ['run.json', ...lines],
};
const ours = ['run.json', ...lines, 'lock', 'summary.csv', 'report.html'];
describe.each(Object.keys(reads) as (keyof typeof reads)[])('%s with a damaged run folder', (command) => {
  const args = {
    report: ['report', '-q', out],
    compare: ['compare', run, out],
    'run --resume': ['run', '--images', 'scenes:1', '-q', '--resume', '-o', out],
  }[command];

  test.each(
    ours.flatMap((name) => ['a folder', 'a link to itself', 'other JSON'].map((kind) => [name, kind])),
  )('%s is %s', async (name, kind) => {
    cpSync(run, out, { recursive: true });
    const place = path.join(out, name);
    rmSync(place, { force: true });
    if (kind === 'a folder') mkdirSync(place);
    else if (kind === 'other JSON') writeFileSync(place, '{"a": [1]}\n');
    else symlinkSync(place, place);
    const { code, stderr } = await call(bench, args);
    expect(stderr).not.toContain('This is a bug');
    if (reads[command].includes(name))
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: bench: /) });
    else expect(code).toBeOneOf([0, 1]);
  });
});
