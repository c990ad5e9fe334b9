import { methodNames, methods } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { targetNames } from '../../src/cli/explain/target-choice.ts';
import { VERSION } from '../../src/version.ts';
import { runCommand } from '../run-command.ts';

describe('hybridcam', () => {
  it('shows its commands with --help, and with nothing at all, which is exit code 2', async () => {
    const help = await runCommand(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['explain', 'layers', 'doctor', 'scenes', 'fetch', 'cite'])
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(help.stdout).toContain('Explanations are evidence, not proof; hybridcam is no diagnostic device.');
    expect(await runCommand([])).toEqual({ ...help, code: 2 });
    expect((await runCommand(['help'])).stdout).toBe(help.stdout);
  });
  it('fits every help into 80 columns and names every flag there', async () => {
    for (const command of ['explain', 'layers', 'doctor', 'scenes', 'fetch', 'cite']) {
      const { code, stdout } = await runCommand([command, '--help']);
      expect(code).toBe(0);
      expect((await runCommand(['help', command])).stdout).toBe(stdout);
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(stdout).toContain('Explanations are evidence, not proof');
    }
    const { stdout } = await runCommand(['explain', '-h']);
    const flags =
      'model labels layer preset preprocess resize crop mean std channels method alpha class normalize orientation save colormap opacity limit out json quiet';
    for (const flag of flags.split(' ')) expect(stdout).toContain(`--${flag}`);
  });
  it('takes --help behind -- for a name', async () => {
    expect(
      (await runCommand(['explain', '--model', 'none.onnx', '--save', 'none', '--', '--help'])).code,
    ).toBe(1);
  });
  it('prints its version', async () => {
    expect(await runCommand(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });
  it('suggests the command that was meant: exit code 2', async () => {
    expect(await runCommand(['explian'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: hybridcam: expected a command; received "explian". Did you mean "explain"?\n',
    });
    expect((await runCommand(['--json', 'explain'])).stderr).toMatch(/Flags come behind the command/);
  });
});

describe('hybridcam cite', () => {
  it('prints the BibTeX of Grad-CAM and LayerCAM', async () => {
    const { code, stdout } = await runCommand(['cite']);
    expect(code).toBe(0);
    expect(stdout).toBe(`${methods.hybrid.bibtex}\n`);
    expect(stdout.match(/^@\w+\{/gm)).toHaveLength(2);
    expect(stdout).toMatch(/Selvaraju/);
    expect(stdout).toMatch(/LayerCAM/);
  });
  it('prints the papers of the methods named, each once', async () => {
    const { code, stdout, stderr } = await runCommand([
      'cite',
      'score-cam',
      'hybrid',
      'grad-cam',
      'full-grad',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/(?<=^@\w+\{)\w+/gm)).toEqual([
      'wang2020scorecam',
      'selvaraju2017gradcam',
      'jiang2021layercam',
      'srinivas2019fullgrad',
    ]);
  });
  it('knows the targets that have a paper by the names that --target takes', async () => {
    const keys: Record<string, string | undefined> = {
      // Plain numbers of the scores.
      logit: undefined,
      probability: undefined,
      margin: undefined,
      rest: 'cai2025shapleycam',
      finer: 'zhang2025finercam',
      counterfactual: 'selvaraju2017gradcam',
    };
    expect(Object.keys(keys).sort()).toEqual([...targetNames].sort());
    for (const name of targetNames) {
      const { code, stdout } = await runCommand(['cite', name]);
      expect(code, name).toBe(keys[name] === undefined ? 2 : 0);
      expect(stdout.match(/(?<=^@\w+\{)\w+/gm)?.join(), name).toBe(keys[name]);
    }
  });
  it('has well-formed entries with distinct keys for every method that has a paper', async () => {
    const further = ['finer-cam', 'refine-cam'];
    const { stdout } = await runCommand(['cite', ...methodNames, ...further]);
    const entries = stdout.trim().split('\n\n');
    for (const entry of entries) {
      expect(entry).toMatch(
        /^@(article|inproceedings)\{\w+,\n( {2}\w+ = \{.+\},\n)+ {2}year = \{\d{4}\}\n\}$/,
      );
      expect(entry).toMatch(/^ {2}title = /m);
      expect(entry).toMatch(/^ {2}author = /m);
    }
    expect(new Set(entries.map((entry) => entry.split(',')[0])).size).toBe(entries.length);
    const papers = methodNames.flatMap((name) => methods[name].bibtex.split('\n\n')).filter(Boolean);
    expect(entries).toHaveLength(new Set(papers).size + further.length);
  });
  it('says so where there is no publication', async () => {
    expect(await runCommand(['cite', 'eigen-grad-cam'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'eigen-grad-cam has no publication.\n',
    });
  });
  it('refuses another name, with the nearest, and flags: exit code 2', async () => {
    const { code, stdout, stderr } = await runCommand(['cite', 'grad-cam', 'scorecam']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Did you mean "score-cam"');
    expect((await runCommand(['cite', '--json'])).code).toBe(2);
  });
});
