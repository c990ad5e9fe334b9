import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderScene, sampleScene } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { describe, expect, it } from 'vitest';
import { newFolder, readIn } from './bench-command.ts';
import { bench } from './run-bench.ts';

const run = (out: string, ...more: string[]) =>
  bench(
    ...['run', '--images', 'scenes:12', '--method', 'grad-cam,hybrid,random', '--alpha', '0,1'],
    ...['--metric', 'entropy,energy', '--out', out, '-q', ...more],
  );
const judgementIn = (folder: string) => JSON.parse(readIn(folder, 'run.json')).judgement;

describe('how a run is judged', () => {
  it('is kept: report says of a held-out run what the run said, byte for byte', async () => {
    const out = newFolder();
    const { stdout } = await run(
      out,
      '--holdout',
      '--layer',
      'layer4.1,layer3.1',
      '--reference',
      'hybrid α1',
    );
    expect(stdout).toContain('by energy (standard)');
    // By energy: entropy, the first metric, has no better end.
    expect(judgementIn(out)).toEqual({
      holdout: { metric: 'energy', preset: 'standard' },
      reference: 'hybrid α1',
    });
    const [summary, page] = ['summary.csv', 'report.html'].map((file) => readIn(out, file));
    expect(summary!.trim().split('\n').length).toBeLessThan(1 + 2 * 7);
    for (const file of ['summary.csv', 'report.html']) rmSync(path.join(out, file));
    const again = await bench('report', out);
    expect(readIn(out, 'summary.csv')).toBe(summary);
    expect(readIn(out, 'report.html')).toBe(page);
    expect(again.stdout).toBe(stdout);
    for (const line of stdout.split('\n').slice(0, -2)) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('is what was asked for last, and one thing for all shards', async () => {
    const [first, second] = [newFolder(), newFolder()];
    await run(first, '--shard', '1/2', '--holdout');
    await run(second, '--shard', '2/2');
    expect((await bench('report', first, second)).stderr).toContain('judged alike');
    const { stdout } = await run(first, '--shard', '1/2', '--resume');
    expect(judgementIn(first)).toEqual({});
    // Two alphas on the images that are judged: said in the terminal as in the report.
    expect(stdout).toContain('2 values of α');
    expect(readIn(first, 'report.html')).toContain('2 values of α');
    expect((await bench('report', first, second, '-q')).code).toBe(0);
  });

  it('keeps what a resumed run was asked for, so that report says the same of it', async () => {
    const out = newFolder();
    const labels = path.join(newFolder(), 'labels.txt');
    writeFileSync(labels, Array.from({ length: 10 }, (_, i) => `kind ${i}`).join('\n'));
    await run(out, '--layer', 'layer3.1');
    const { stdout } = await run(out, '--resume', '--layer', 'layer4.1,layer3.1', '--labels', labels);
    const described = JSON.parse(readIn(out, 'run.json'));
    expect(described.request.layers).toEqual(['layer4.1', 'layer3.1']);
    expect(described.labels[3]).toBe('kind 3');
    const [summary, page] = ['summary.csv', 'report.html'].map((file) => readIn(out, file));
    expect(page).toContain('kind ');
    expect((await bench('report', out)).stdout).toBe(stdout);
    expect(readIn(out, 'summary.csv')).toBe(summary);
    expect(readIn(out, 'report.html')).toBe(page);
  });

  it('--holdout needs something to choose, and something to choose by', async () => {
    const refused = (...more: string[]) => bench('run', '--images', 'scenes:2', '--holdout', ...more);
    expect((await refused('--method', 'hybrid')).stderr).toContain('several alphas or layers');
    expect((await refused('--alpha', '0,1', '--metric', 'entropy')).stderr).toContain('with a better end');
  });
});

describe('reproduce notebook', () => {
  it('survives a file that is missing, and report keeps its claims', { timeout: 120_000 }, async () => {
    const folder = newFolder();
    const names = ['a.png', 'b.png', 'c.png'].map((name, i) => {
      writeFileSync(path.join(folder, name), encodePng(renderScene(sampleScene({ seed: 900 + i })).image));
      return name;
    });
    const entries = ['gone.png', ...names].map((file) => JSON.stringify({ file, box: [20, 20, 90, 90] }));
    writeFileSync(path.join(folder, 'list.jsonl'), `${entries.join('\n')}\n`);
    const out = path.join(folder, 'run');
    const { code, stdout } = await bench(
      ...['reproduce', 'notebook', '--images', path.join(folder, 'list.jsonl'), '--out', out, '-q'],
    );
    expect(code).toBe(1);
    expect(stdout).toContain('1 image failed');
    const timed = judgementIn(out).notebook;
    expect(Object.keys(timed)).toEqual(['gradCam', 'layerCam', 'hybrid']);
    for (const times of Object.values<number[]>(timed)) {
      expect(times).toHaveLength(3);
      expect(Math.min(...times)).toBeGreaterThan(0);
    }
    const page = readIn(out, 'report.html');
    expect(page).toContain('id="claims"');
    const again = await bench('report', out);
    expect(readIn(out, 'report.html')).toBe(page);
    const claims = stdout.slice(0, stdout.indexOf('1 image failed'));
    expect(claims).toMatch(/The hybrid costs the same[\s\S]*n = 3\n/);
    expect(again.stdout.startsWith(claims)).toBe(true);
  });

  it('shows the oracle on scenes, whose masks are known', { timeout: 120_000 }, async () => {
    const out = newFolder();
    expect((await bench('reproduce', 'notebook', '--images', 'scenes:2', '--out', out, '-q')).code).toBe(0);
    expect(readFileSync(path.join(out, 'summary.csv'), 'utf8')).toMatch(/^oracle,/m);
    expect((await bench('reproduce', 'notebook', '--queue', 'redis://x')).code).toBe(2);
  });
});
