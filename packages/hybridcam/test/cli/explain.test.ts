import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { decode } from '@hybridcam/image/node';
import { beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { readNpy } from '../read-npy.ts';
import { type CommandResult, runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { TINY_LABELS, tinyModel, tinyModelWithExternalData } from '../tiny-model.ts';
import { tinyPng } from '../tiny-picture.ts';

let folder: string;
let model: string;
let picture: string;
let out: string;

beforeEach(() => {
  folder = temporaryFolder();
  model = join(folder, 'tiny.onnx');
  picture = join(folder, 'disc.png');
  out = join(folder, 'out');
  writeFileSync(model, tinyModel());
  writeFileSync(picture, tinyPng());
  writeFileSync(join(folder, 'labels.txt'), TINY_LABELS.join('\n'));
});

const SIZE = ['--resize', '36', '--crop', '32'];

/** `hybridcam explain` with what every test needs. */
function explain(...args: string[]): Promise<CommandResult> {
  return runCommand(['explain', '--model', model, '--out', out, ...SIZE, ...args]);
}

const reports = ({ stdout }: CommandResult) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('hybridcam explain', () => {
  it('writes overlay and record by default and prints a summary of 80 columns', async () => {
    const { code, stdout, stderr } = await explain(picture, '--labels', join(folder, 'labels.txt'));
    expect({ code, stderr: stderr.split('\n').filter((line) => line.startsWith('error')) }).toEqual({
      code: 0,
      stderr: [],
    });
    expect(readdirSync(out)).toEqual(['disc.hybrid.a0.7.overlay.png', 'disc.hybrid.a0.7.record.json']);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(picture);
    expect(stdout).toMatch(/› (ant|bee|cat|dog|elk) +\d+\.\d % {2}█/);
    expect(stdout).toMatch(/hybrid α 0\.7 of (ant|bee|cat|dog|elk) \(\d\) at \S+, 8×8/);
    expect(stdout).toMatch(/decode .* ms · forward .* ms · map .* ms/);
    for (const line of lines.slice(1).filter((text) => !text.includes('->')))
      expect(line.length).toBeLessThanOrEqual(80);
    const overlay = await decode(join(out, 'disc.hybrid.a0.7.overlay.png'));
    expect([overlay.width, overlay.height]).toEqual([48, 40]);
    const record = JSON.parse(readFileSync(join(out, 'disc.hybrid.a0.7.record.json'), 'utf8'));
    expect(record).toMatchObject({
      model: { name: 'tiny.onnx', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      method: { name: 'hybrid', alpha: 0.7 },
      normalize: { kind: 'max' },
      preprocessing: { resize: { size: 36 }, crop: { size: [32, 32] } },
      image: { name: 'disc.png', width: 48, height: 40, source: { format: 'png' } },
      versions: { hybridcam: expect.any(String), '@hybridcam/core': expect.any(String) },
    });
    expect(JSON.stringify(record)).not.toContain(folder);
  });

  it('reaches a method’s variant and settings, says its cost first and names files after them', async () => {
    const methods = 'score-cam:channels=2,score-cam:channels=3:variant=torchcam';
    const result = await explain(picture, '--method', methods, '--json', '--save', 'heatmap,sheet');
    expect(result.code).toBe(0);
    expect(result.stderr).toContain('score-cam runs the model 7 times per image.\n');
    expect(reports(result).map(({ variant, settings }) => ({ variant, settings }))).toEqual([
      { variant: 'paper', settings: { channels: 2 } },
      { variant: 'torchcam', settings: { channels: 3 } },
    ]);
    expect(readdirSync(out)).toEqual([
      'disc.score-cam.channels-2.heatmap.png',
      'disc.score-cam.torchcam.channels-3.heatmap.png',
      'sheet.score-cam.png',
    ]);
  });

  it('stops within a method that runs the model many times, with code 130 and nothing written', async () => {
    const interrupt = new AbortController();
    let stderr = '';
    const code = await main(
      ['explain', picture, '--model', model, '--out', out, ...SIZE, '--method', 'rise:masks=1000000'],
      {
        stdout: { write: () => true },
        stderr: {
          isTTY: true,
          columns: 80,
          write: (text) => {
            stderr += text;
            // The second batch: within the method.
            if (stderr.includes('32 of 1000000 passes')) interrupt.abort();
            return true;
          },
        },
        signal: interrupt.signal,
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain('rise runs the model 1,000,001 times per image.\n');
    expect(stderr).toMatch(/error: rise: aborted by the caller/);
    expect(readdirSync(out)).toEqual([]);
  });

  it('fuses layers, smooths, and records both', async () => {
    const { stdout } = await runCommand(['layers', model, '--json']);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name);
    const args = ['--layer', names.slice(-2).join(','), '--fuse', 'product', '--method', 'layer-cam'];
    const result = await explain(picture, ...args, '--smooth', 'augmentation,eigen', '--save', 'record');
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    const [file] = readdirSync(out);
    const record = JSON.parse(readFileSync(join(out, file!), 'utf8'));
    expect(record).toMatchObject({
      targetLayers: names.slice(-2),
      layerFusion: 'product',
      smoothing: ['eigen', 'augmentation'],
    });
    expect(result.stderr).toContain('layer-cam runs the model 6 times per image.');
  });

  it('prints with --json one object per image and explanation, and nothing else', async () => {
    const result = await explain(
      picture,
      '--json',
      '--save',
      'cam,saliency',
      '--alpha',
      '0,0.3,1',
      '--labels',
      join(folder, 'labels.txt'),
    );
    expect(result.code).toBe(0);
    const printed = reports(result);
    expect(printed.map(({ alpha }) => alpha)).toEqual([0, 0.3, 1]);
    for (const report of printed) {
      expect(Object.keys(report)).toEqual([
        'file',
        'model',
        'layer',
        'method',
        'variant',
        'settings',
        'alpha',
        'target',
        'class',
        'top',
        'status',
        'cam',
        'ms',
      ]);
      expect(report).toMatchObject({
        file: picture,
        model: 'tiny.onnx',
        method: 'hybrid',
        status: 'ok',
        class: {
          index: expect.any(Number),
          label: expect.stringMatching(/^n\d{8}_/),
          logit: expect.any(Number),
          probability: expect.any(Number),
        },
        cam: { path: join(out, `disc.hybrid.a${report.alpha}.cam.npy`), shape: [8, 8], max: 1 },
        ms: { decode: expect.any(Number), forward: expect.any(Number), map: expect.any(Number) },
      });
      expect(report.top).toHaveLength(5);
      expect(report.top[0]).toEqual(report.class);
      const probabilities = report.top.map((entry: { probability: number }) => entry.probability);
      expect(probabilities.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 5);
      const cam = readNpy(report.cam.path);
      expect(cam.shape).toEqual([8, 8]);
      expect(Math.min(...cam.data)).toBe(report.cam.min);
      expect(readNpy(report.cam.path.replace('cam.npy', 'saliency.npy')).shape).toEqual([32, 32]);
    }
  });

  it('does every layer, class, method and alpha of one image from one forward pass', async () => {
    const result = await explain(
      ...[
        picture,
        '--json',
        '--save',
        'cam',
        '--class',
        'top2',
        '--method',
        'grad-cam,hybrid',
        '--alpha',
        '0.5,1',
      ],
    );
    const printed = reports(result);
    expect(printed).toHaveLength(6);
    expect(new Set(printed.map(({ ms }) => ms.forward)).size).toBe(1);
    const [first, second] = printed[0].top.map(({ index }: { index: number }) => index);
    const names = [first, second].flatMap((index) =>
      ['grad-cam', 'hybrid.a0.5', 'hybrid.a1'].map((method) => `disc.c${index}.${method}.cam.npy`),
    );
    expect(readdirSync(out)).toEqual(names.sort());
    const gradCam = printed.find(({ method, class: { index } }) => method === 'grad-cam' && index === second);
    const alphaOne = printed.find(({ alpha, class: { index } }) => alpha === 1 && index === second);
    expect(readNpy(alphaOne.cam.path).data).toEqual(readNpy(gradCam.cam.path).data);
  });

  it('explains a class by index or label, and names only several classes in files', async () => {
    const byIndex = await explain(picture, '--json', '--save', 'none', '--class', '2');
    const byLabel = await explain(
      picture,
      '--json',
      '--save',
      'none',
      '--class',
      'CAT',
      '--labels',
      join(folder, 'labels.txt'),
    );
    expect(reports(byIndex)[0].class.index).toBe(2);
    expect(reports(byLabel)[0].class).toMatchObject({ index: 2, label: 'n00000003_cat' });
    expect(reports(byLabel)[0].cam).toEqual(reports(byIndex)[0].cam);
  });

  it('explains the target that --target names, and the record and the files say so', async () => {
    const options = ['--json', '--save', 'cam,record', '--class', '2'];
    const cams = new Map<string, Float32Array>();
    for (const [target, name] of [
      ['logit', 'logit(2)'],
      ['margin:3', 'margin(2, 3)'],
      ['finer:references=1', 'finer(2, 1 references, strength 0.6, torchcam)'],
      ['counterfactual', 'counterfactual(logit(2))'],
    ] as const) {
      const [report] = reports(await explain(picture, ...options, '--method', 'cam', '--target', target));
      expect(report.target).toBe(name);
      const file = `disc.cam.${target.replace(/[:=]/g, '-')}`;
      expect(JSON.parse(readFileSync(join(out, `${file}.record.json`), 'utf8')).target.description).toBe(
        name,
      );
      cams.set(target, Float32Array.from(readNpy(join(out, `${file}.cam.npy`)).data));
    }
    expect(new Set([...cams.values()].map((values) => values.join())).size).toBe(4);
  });

  it('lets shapley-cam differ from grad-cam, by a curved target', async () => {
    const options = ['--json', '--save', 'none', '--normalize', 'none', '--method', 'grad-cam,shapley-cam'];
    const [flat, same] = reports(await explain(picture, ...options));
    expect(same.cam.max).toBeCloseTo(flat.cam.max, 6);
    const [slope, curved] = reports(await explain(picture, ...options, '--target', 'rest'));
    expect(curved.target).toMatch(/^rest\(\d\)$/);
    expect(Math.abs(curved.cam.max - slope.cam.max)).toBeGreaterThan(1e-4);
  });

  it('refuses a class rather than itself before it reads a picture', async () => {
    const { code, stderr } = await explain(picture, '--class', '2', '--target', 'margin:2');
    expect(code).toBe(2);
    expect(stderr).toMatch(/two different classes/);
    expect(existsSync(join(out, 'disc.hybrid.a0.7.margin-2.record.json'))).toBe(false);
  });

  it('says of a class that margin cannot find where it stands, and that no rank can stand there', async () => {
    const labels = ['--labels', join(folder, 'labels.txt')];
    for (const [args, message] of [
      [['--target', 'margin:top1', ...labels], 'an index from 0 to 4 or a label; received "top1"'],
      [['--target', 'margin:top1'], 'an index, because the model came without labels; received "top1"'],
      [['--target', 'counterfactual:margin:7'], 'an index from 0 to 4; received 7'],
    ] as const) {
      const { code, stderr } = await explain(picture, ...args);
      expect(code).toBe(2);
      expect(stderr.replace(/\s+/g, ' ')).toContain(`--target margin: expected ${message}`);
    }
    const { stderr } = await explain(picture, '--class', 'zebra', ...labels);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'class: expected top1, topN, an index from 0 to 4 or a label',
    );
  });

  it('leaves out the class that a margin tells from itself, and explains the others', async () => {
    const options = ['--json', '--save', 'cam', '--method', 'grad-cam,layer-cam'];
    const all = reports(await explain(picture, ...options, '--class', 'top3'));
    const ranked = all.filter(({ method }) => method === 'grad-cam').map((report) => report.class.index);
    const [best, second, third] = ranked as [number, number, number];
    expect(new Set(ranked).size).toBe(3);
    const target = ['--target', `margin:${second}`];
    const some = await explain(picture, ...options, '--class', 'top3', ...target);
    expect(some.code).toBe(0);
    expect(some.stderr).toContain(
      `warning: ${picture}: top2 of this image is class ${second}, the very class that --target tells others from: left out.`,
    );
    expect(reports(some).map((report) => [report.method, report.class.index, report.target])).toEqual(
      ['grad-cam', 'layer-cam'].flatMap((method) =>
        [best, third].map((index) => [method, index, `margin(${index}, ${second})`]),
      ),
    );
    // Each under the name of its own class.
    for (const report of reports(some)) expect(report.cam.path).toContain(`disc.c${report.class.index}.`);
    const alone = reports(await explain(picture, ...options, '--class', `${third}`, ...target));
    const values = ({ cam }: { cam: { path: string } }) => readNpy(cam.path).data;
    expect(values(alone[1])).toEqual(values(reports(some)[3]));
  });

  it('says what to do where a margin leaves no class', async () => {
    const [{ class: top }] = reports(await explain(picture, '--json', '--save', 'none'));
    const { code, stdout, stderr } = await explain(picture, '--target', `margin:${top.index}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /top1 of this image is class \d, .*Name the class to explain with --class INDEX\./,
    );
  });

  it('gives Smooth Grad-CAM++ the same map in batches of any size', async () => {
    const { stdout } = await runCommand(['layers', model, '--json']);
    const { name } = JSON.parse(stdout.split('\n')[0]!);
    const cams: Float32Array[] = [];
    for (const batch of ['1', '3', '16']) {
      const method = ['--method', 'smooth-grad-cam-plus-plus:draws=7', '--layer', name, '--batch', batch];
      const [report] = reports(await explain(picture, ...method, '--json', '--save', 'cam'));
      cams.push(Float32Array.from(readNpy(report.cam.path).data));
    }
    expect(Math.max(...cams[0]!)).toBeCloseTo(1, 6);
    for (const cam of cams.slice(1)) {
      expect(Math.max(...cam.map((value, i) => Math.abs(value - cams[0]![i]!)))).toBeLessThan(1e-5);
    }
  });

  it('takes a folder in sorted order, up to --limit, and keeps images of one name apart', async () => {
    const photos = join(folder, 'photos');
    mkdirSync(join(photos, 'other'), { recursive: true });
    for (const name of ['b.png', 'a.png', 'c.png'])
      writeFileSync(join(photos, name), tinyPng(48, 40, name.charCodeAt(0)));
    copyFileSync(picture, join(photos, 'other', 'A.png'));
    const result = await explain(photos, join(photos, 'other'), '--json', '--save', 'overlay');
    expect(reports(result).map(({ file }) => file.slice(photos.length + 1))).toEqual([
      'a.png',
      'b.png',
      'c.png',
      'other/A.png',
    ]);
    expect(readdirSync(out)).toEqual(['A-2', 'a', 'b', 'c'].map((name) => `${name}.hybrid.a0.7.overlay.png`));
    const limited = await explain(photos, '--json', '--save', 'none', '--limit', '2');
    expect(reports(limited)).toHaveLength(2);
  });

  it('draws the crop, in jet, with the notebook preset; raw values with --normalize none', async () => {
    await explain(picture, '--preset', 'notebook', '--save', 'overlay,record');
    const overlay = await decode(join(out, 'disc.hybrid.a0.7.overlay.png'));
    expect([overlay.width, overlay.height]).toEqual([32, 32]);
    const record = JSON.parse(readFileSync(join(out, 'disc.hybrid.a0.7.record.json'), 'utf8'));
    expect(record).toMatchObject({ preset: 'notebook', normalize: { kind: 'minmax', epsilon: 1e-10 } });
    const raw = await explain(
      picture,
      '--method',
      'grad-cam',
      '--normalize',
      'none',
      '--save',
      'overlay,heatmap,cam',
      '--json',
    );
    expect(reports(raw)[0].cam.max).not.toBe(1);
    expect(readdirSync(out)).toContain('disc.grad-cam.heatmap.png');
  });

  it('says nothing with --quiet', async () => {
    expect(await explain(picture, '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('finishes the other images when one fails: exit code 1', async () => {
    writeFileSync(join(folder, 'text.jpg'), 'no picture');
    writeFileSync(join(folder, 'cut.png'), tinyPng().subarray(0, 300));
    const paths = [join(folder, 'none.jpg'), join(folder, 'text.jpg'), join(folder, 'cut.png'), picture];
    const result = await explain(...paths, '--json');
    expect(result.code).toBe(1);
    const printed = reports(result);
    expect(printed.map(({ error }) => error?.code)).toEqual([
      'NOT_FOUND',
      'IMAGE_FORMAT',
      'IMAGE_FORMAT',
      undefined,
    ]);
    for (const report of printed.slice(0, 3)) {
      expect(Object.keys(report)).toEqual(['file', 'error']);
      expect(Object.keys(report.error)).toEqual(['code', 'message']);
    }
    const told = await explain(...paths);
    expect(told.code).toBe(1);
    expect(told.stderr.match(/^error: .*$/gm)).toHaveLength(3);
    expect(told.stderr).not.toMatch(/\n\s+at /);
    expect(told.stdout).toContain('disc.hybrid.a0.7.overlay.png');
  });

  it('stops at once when aborted, with exit code 130', async () => {
    const { code, stderr } = await runCommand(
      ['explain', picture, '--model', model, '--out', out, ...SIZE],
      AbortSignal.abort(),
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/aborted/);
  });
});

describe('hybridcam explain refuses', () => {
  const usage: [name: string, args: string[], message: RegExp][] = [
    ['an unknown layer', ['--layer', 'layer9'], /layer9/],
    ['an unknown class index', ['--class', '5'], /from 0 to 4; received 5/],
    ['a class name without labels', ['--class', 'cat'], /without labels/],
    ['an unknown preset', ['--preset', 'paper'], /--preset/],
    ['alpha outside [0, 1]', ['--alpha', '1.5'], /from 0 to 1; received "1.5"/],
    ['an unknown flag', ['--alhpa', '1'], /Did you mean "--alpha"/],
    [
      'two layers for a cross-layer hybrid that are three',
      ['--method', 'cross-layer-hybrid', '--layer', 'auto,auto,auto'],
      /--layer/,
    ],
  ];
  it.each(usage)('%s: exit code 2, one line', async (_, args, message) => {
    const { code, stdout, stderr } = await explain(picture, '--quiet', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it('labels of the wrong count, with both counts: exit code 2', async () => {
    writeFileSync(join(folder, 'four.txt'), 'a\nb\nc\nd');
    const { code, stderr } = await explain(picture, '--quiet', '--labels', join(folder, 'four.txt'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected 5 names.*received 4/);
  });

  it('an output folder that cannot be written, before any work: exit code 1', async () => {
    writeFileSync(out, 'a file is in the way');
    const { code, stderr } = await explain(picture, '--quiet');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: output folder: .*\n$/);
  });

  it('a picture whose header announces 30000×30000 pixels, without decoding it', async () => {
    const huge = tinyPng();
    const bytes = new DataView(huge.buffer, huge.byteOffset);
    bytes.setUint32(16, 30_000);
    bytes.setUint32(20, 30_000);
    // A header that is true to its checksum: it is refused for its size, not for being damaged.
    bytes.setUint32(29, crc32(huge.subarray(12, 29)));
    writeFileSync(picture, huge);
    const result = await explain(picture, '--json');
    expect(result.code).toBe(1);
    expect(reports(result)[0].error.code).toBe('LIMIT');
  });

  const models: [name: string, bytes: () => Uint8Array | string, message: RegExp][] = [
    ['a text file as model', () => 'hello', /text file/],
    ['a PNG as model', () => tinyPng(), /PNG image/],
    [
      'a Git LFS pointer as model',
      () => 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      /git lfs pull/,
    ],
    ['an empty file as model', () => '', /empty file/],
    [
      'a truncated model',
      () => tinyModel().subarray(0, 4000),
      /The file is truncated: copy or download it again/,
    ],
    ['a model with an input that is no image', () => tinyModel({ shape: ['N', 128] }), /image/],
  ];
  it.each(models)('%s: exit code 1, one line', async (_, bytes, message) => {
    writeFileSync(model, bytes());
    const { code, stdout, stderr } = await explain(picture, '--quiet');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).not.toMatch(/bug in hybridcam/);
    expect(stderr).toMatch(message);
  });

  it('a model cut off anywhere: exit code 1, one line, never a bug of ours', async () => {
    const whole = tinyModel();
    for (let i = 1; i < 21; i++) {
      const length = Math.floor((i * whole.length) / 21);
      writeFileSync(model, whole.subarray(0, length));
      const { code, stdout, stderr } = await explain(picture, '--quiet');
      expect({ length, code, stdout }).toEqual({ length, code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect(stderr).not.toMatch(/bug in hybridcam/);
      expect(stderr).toMatch(/The file is truncated: copy or download it again/);
    }
  });

  it('a model file that is not there', async () => {
    const { code, stderr } = await runCommand([
      'explain',
      picture,
      '--model',
      join(folder, 'none.onnx'),
      '--quiet',
      '--out',
      out,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/none\.onnx.*no such file/);
  });

  it('weights that are NaN', async () => {
    writeFileSync(model, tinyModel({ headWeight: Number.NaN }));
    const result = await explain(picture, '--json');
    expect(result.code).toBe(1);
    expect(reports(result)[0].error.code).toBe('NON_FINITE');
  });

  it('a picture of another size than the model takes, and says which flags would do', async () => {
    writeFileSync(model, tinyModel({ shape: [1, 3, 32, 32] }));
    const run = (...args: string[]) =>
      runCommand(['explain', picture, '--model', model, '--out', out, '--json', '--quiet', ...args]);
    const result = await run('--crop', '48');
    expect(result.code).toBe(1);
    expect(reports(result)[0].error).toMatchObject({
      code: 'SHAPE',
      message: expect.stringMatching(/32×32.*48×48.*resize 37 and crop 32/),
    });
    expect((await run()).code).toBe(0);
  });

  it('an option that would do nothing, and a command line without images or model: exit code 2', async () => {
    expect((await runCommand(['explain'])).code).toBe(2);
    expect((await explain(picture, '--method', 'grad-cam', '--alpha', '0.5')).code).toBe(2);
  });
});

describe('hybridcam explain at several layers', () => {
  it('names each layer in its files, and explains all from one forward pass', async () => {
    const result = await explain(
      picture,
      '--json',
      '--save',
      'cam',
      '--layer',
      'first,auto',
      '--alpha',
      '0,1',
    );
    const printed = reports(result);
    expect(printed.map(({ layer, alpha }) => [layer, alpha])).toEqual([
      ['first', 0],
      ['second', 0],
      ['first', 1],
      ['second', 1],
    ]);
    expect(new Set(printed.map(({ ms }) => ms.forward)).size).toBe(1);
    expect(printed.map(({ cam }) => cam.shape)).toEqual([
      [16, 16],
      [8, 8],
      [16, 16],
      [8, 8],
    ]);
    expect(readdirSync(out)).toEqual(
      ['first.hybrid.a0', 'first.hybrid.a1', 'second.hybrid.a0', 'second.hybrid.a1'].map(
        (name) => `disc.${name}.cam.npy`,
      ),
    );
  });

  it('takes a pair of layers for the cross-layer hybrid, or finds it', async () => {
    const cross = ['--json', '--save', 'cam', '--method', 'cross-layer-hybrid'];
    const [named] = reports(await explain(picture, ...cross, '--layer', 'second,first'));
    const [found] = reports(await explain(picture, ...cross));
    expect(named).toMatchObject({ layer: 'second,first', alpha: 0.7, cam: { shape: [16, 16] } });
    expect(found.cam).toEqual(named.cam);
    expect(readdirSync(out)).toEqual(['disc.cross-layer-hybrid.a0.7.cam.npy']);
    const one = await explain(picture, ...cross, '--layer', 'second', '--quiet');
    expect(one).toMatchObject({ code: 2, stderr: expect.stringMatching(/--layer: expected two layers/) });
  });
});

describe('hybridcam explain with a method that sees the model from outside', () => {
  it('names no layer, and gives a map of the input’s size', async () => {
    const result = await explain(picture, '--json', '--save', 'cam', '--method', 'occlusion,grad-cam');
    expect(reports(result).map(({ method, layer }) => [method, layer])).toEqual([
      ['occlusion', null],
      ['grad-cam', 'second'],
    ]);
    expect(readNpy(join(out, 'disc.occlusion.cam.npy')).shape).toEqual([32, 32]);
    const summary = await explain(picture, '--save', 'none', '--method', 'occlusion');
    expect(summary.stdout).toMatch(/occlusion of class \d, 32×32/);
  });

  it('refuses a layer that nothing would look at, and one named twice: exit code 2', async () => {
    const unused = await explain(picture, '--method', 'occlusion', '--layer', 'first');
    expect(unused).toMatchObject({ code: 2, stderr: expect.stringMatching(/would do nothing/) });
    const pair = await explain(picture, '--layer', 'first,second', '--method', 'hybrid,cam');
    expect(pair).toMatchObject({ code: 2, stdout: '' });
    expect(pair.stderr).toContain('received cam at first. ');
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
    const twice = await explain(picture, '--layer', 'auto,second');
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringMatching(/"second" twice/) });
  });
});

describe('hybridcam explain --colormap diverging', () => {
  it('warns once where no map has negative values, and not where one has', async () => {
    writeFileSync(join(folder, 'second.png'), tinyPng(40, 48, 9));
    const color = ['--colormap', 'diverging', '--normalize', 'none', '--save', 'heatmap'];
    const { stderr } = await explain(picture, join(folder, 'second.png'), ...color);
    expect(stderr.match(/warning: --colormap diverging: the maps have no negative values/g)).toHaveLength(1);
    const signed = await explain(picture, ...color, '--method', 'cam');
    expect(signed.stderr).not.toContain('warning');
  });
});

describe('hybridcam explain --save sheet', () => {
  it('lays out one 2 × N figure per method, one row per picture for several alphas, and all methods together', async () => {
    writeFileSync(join(folder, 'second.png'), tinyPng(40, 48, 9));
    const paths = [picture, join(folder, 'second.png')];
    const methods = ['--method', 'grad-cam,hybrid', '--alpha', '0,1'];
    const { code, stdout } = await explain(...paths, '--save', 'sheet', ...methods);
    expect(code).toBe(0);
    expect(readdirSync(out)).toEqual(['sheet.grad-cam.png', 'sheet.hybrid.png', 'sheet.methods.png']);
    expect(stdout).toContain(join(out, 'sheet.methods.png'));
    const [pairs, alphas] = await Promise.all(
      ['sheet.grad-cam.png', 'sheet.hybrid.png'].map((name) => decode(join(out, name))),
    );
    // Two columns of 224 against a photograph and two alphas.
    expect(pairs!.width).toBeGreaterThan(2 * 224);
    expect(alphas!.width).toBeGreaterThan(3 * 224);
    await explain(...paths, '--save', 'sheet', '--class', 'top2', '--layer', 'first,second', '--quiet');
    expect(readdirSync(out)).toContain('sheet.first.hybrid.a0.7.png');
  });
});

describe('hybridcam explain with weights in another file', () => {
  it('finds them beside the model, with the same result', async () => {
    const whole = reports(await explain(picture, '--json', '--save', 'none'));
    const { model: bytes, weights } = tinyModelWithExternalData('weights.bin');
    writeFileSync(model, bytes);
    writeFileSync(join(folder, 'weights.bin'), weights);
    const split = reports(await explain(picture, '--json', '--save', 'none'));
    expect(split[0].top).toEqual(whole[0].top);
    expect(split[0].cam).toEqual(whole[0].cam);
  });
  it('names them when they are missing: exit code 1', async () => {
    writeFileSync(model, tinyModelWithExternalData('weights.bin').model);
    const { code, stderr } = await explain(picture, '--quiet');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: model: expected its weights in "weights.bin" beside it[^\n]*\n$/);
  });
  it.each(['../weights.bin', '/etc/passwd', 'a/../../weights.bin', 'C:\\weights.bin', 'a//b'])(
    'does not follow the location %j out of the folder',
    async (location) => {
      writeFileSync(model, tinyModelWithExternalData(location).model);
      const { code, stderr } = await explain(picture, '--quiet');
      expect(code).toBe(1);
      expect(stderr).toMatch(/expected its weights in files of its own folder/);
    },
  );
  it('does not follow a link out of the folder', async () => {
    const { model: bytes, weights } = tinyModelWithExternalData('weights.bin');
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'real.bin'), weights);
    symlinkSync(join(elsewhere, 'real.bin'), join(folder, 'weights.bin'));
    writeFileSync(model, bytes);
    const { code, stderr } = await explain(picture, '--quiet');
    expect(code).toBe(1);
    expect(stderr).toMatch(/a link that leads out of it/);
  });
});
