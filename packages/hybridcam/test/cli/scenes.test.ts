import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '@hybridcam/image/node';
import { generateScene } from '@hybridcam/scenes';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let out: string;

beforeEach(() => {
  out = join(temporaryFolder(), 'scenes');
});

describe('hybridcam scenes', () => {
  it('writes scenes, masks and a manifest that belong together', async () => {
    const { code, stdout } = await runCommand(['scenes', '--count', '3', '--seed', '5', '--out', out]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `3 scenes with masks and manifest.jsonl in ${out}\n`,
    });
    expect(readdirSync(out)).toEqual([
      'manifest.jsonl',
      'masks',
      'single-5.png',
      'single-6.png',
      'single-7.png',
    ]);
    const entries = readFileSync(join(out, 'manifest.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ file }) => file)).toEqual(['single-5.png', 'single-6.png', 'single-7.png']);
    for (const [i, entry] of entries.entries()) {
      const scene = generateScene({ seed: 5 + i });
      const picture = await decode(join(out, entry.file));
      expect(picture.data).toEqual(scene.image.data);
      expect(entry.spec).toEqual(scene.spec);
      expect(entry.masks).toHaveLength(entry.regions.length);
      const mask = await decode(join(out, entry.masks[0]));
      const white = mask.data.filter((value, index) => index % 4 === 0 && value === 255).length;
      expect(white).toBe(entry.regions[0].pixelCount);
    }
  });

  it('draws every kind, with size and class as asked', async () => {
    for (const args of [['two-objects'], ['null'], ['clever-hans', '--variant', 'confounded']]) {
      const { code } = await runCommand([
        'scenes',
        '-n',
        '1',
        '--kind',
        ...args,
        '--out',
        out,
        '--quiet',
        '--size',
        '128',
      ]);
      expect(code).toBe(0);
    }
    expect(readdirSync(join(out, 'masks'))).toContain('clever-hans-1000000000.mark.png');
    expect((await decode(join(out, 'null-1000000000.png'))).width).toBe(128);
    await runCommand(['scenes', '-n', '2', '--class', 'fish', '--out', out]);
    expect(readFileSync(join(out, 'manifest.jsonl'), 'utf8').match(/"className":"fish"/g)).toHaveLength(2);
  });

  it.each([
    [
      ['--kind', 'clever-hans'],
      /--variant: expected one of confounded, balanced, absent with --kind clever-hans, and only then; received none/,
    ],
    [['--variant', 'absent'], /--variant: .* received "absent" with --kind single/],
    [['--kind', 'clever-hans', '--variant', 'absnt'], /--variant: .*Did you mean "absent"/],
    [
      ['--count', '1000000000'],
      /--count: expected a whole number of at least 1 and at most 1000000; received "1000000000"/,
    ],
    [['--seed', '4294967296'], /--seed: expected a whole number of at least 0 and at most 4294967286;/],
    [['--kind', 'doubel'], /--kind/],
    [['--class', 'fihs'], /Did you mean "fish"/],
    [['--size', '8'], /size/],
    [['--count', '0'], /--count/],
    [['folder'], /expected flags only/],
  ])('refuses %j: exit code 2, nothing written', async (args, message) => {
    const { code, stderr } = await runCommand(['scenes', '--out', out, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(() => readdirSync(out)).toThrow();
  });
});

describe('hybridcam explain without a model', () => {
  it('explains with the scenes network and says so', async () => {
    await runCommand(['scenes', '-n', '2', '--out', out, '--size', '128']);
    const { code, stdout, stderr } = await runCommand([
      'explain',
      out,
      '--out',
      join(out, 'maps'),
      '--save',
      'cam',
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/The model is scenes.*butterfly/);
    expect(stdout).toMatch(/at layer4\.1, 12×12/);
    const json = await runCommand([
      'explain',
      out,
      '--save',
      'none',
      '--json',
      '--quiet',
      '--model',
      'scenes',
    ]);
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout.split('\n')[0]!)).toMatchObject({ model: 'scenes', layer: 'layer4.1' });
    expect((await runCommand(['layers', 'scenes'])).stdout).toMatch(/^› layer4\.1 +128×12×12/m);
  });
});
