import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alphaList } from '../src/commands/run-plan.ts';
import { newFolder as folder } from './bench-command.ts';
import { bench } from './run-bench.ts';

const run = (out: string, ...more: string[]) => runMetrics('insertion,energy', out, ...more);

const runMetrics = (metrics: string, out: string, ...more: string[]) =>
  bench(
    'run',
    '--images',
    'scenes:4',
    '--method',
    'grad-cam,hybrid,random',
    '--metric',
    metrics,
    '--out',
    out,
    '-q',
    ...more,
  );

describe('hybridcam-bench run', () => {
  it('leaves records, curves, summary and a report that fetches nothing', async () => {
    const out = folder();
    const { code, stdout } = await run(path.join(out, 'run'));
    expect(stdout).toContain('Insertion AUC (rise; higher is better; n = 4)');
    expect(code).toBe(0);
    const lines = readFileSync(path.join(out, 'run/records.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(4 * 3 * 2);
    expect(new Set(lines.map((line) => JSON.parse(line).key)).size).toBe(lines.length);
    const page = readFileSync(path.join(out, 'run/report.html'), 'utf8');
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(page).not.toContain('<script');
    expect(page).toContain('Read this first');
  });

  it('counts f(baseline) once a run where it is the same for every image, and keeps the normalised AUC', async () => {
    const out = folder();
    const more = ['--batch', '8', '--steps', '4', '--baseline', 'zero', '--method', 'grad-cam'];
    const { stdout } = await bench(
      'run',
      '--images',
      'scenes:3',
      '--metric',
      'deletion',
      ...more,
      '--out',
      out,
      '-q',
    );
    expect(stdout).toContain('Deletion AUC (rise/4 steps/zero; lower is better; n = 3)');
    // Three points of each curve between its ends, and one baseline for all; f(x) comes from the explanation.
    const cost = JSON.parse(readFileSync(path.join(out, 'costs.jsonl'), 'utf8'));
    expect(cost.forwards).toBe(3 * 3 + 1);
    for (const line of readFileSync(path.join(out, 'records.jsonl'), 'utf8').trim().split('\n')) {
      const { value, f0, f1, normalized } = JSON.parse(line);
      expect(normalized).toBeCloseTo((value - f0) / (f1 - f0), 12);
    }
    expect((await bench('run', '--steps', '0')).stderr).toContain('--steps');
  });

  it('continues with --resume, adds metrics to a finished run, and never writes a key twice', async () => {
    const [whole, parts] = [folder(), folder()];
    await run(whole);
    await run(parts, '--limit', '2');
    expect((await run(parts)).stderr).toContain('Continue it with --resume');
    await run(parts, '--resume');
    for (const file of ['summary.csv', 'records.jsonl']) {
      expect(readFileSync(path.join(parts, file), 'utf8')).toBe(readFileSync(path.join(whole, file), 'utf8'));
    }
    await runMetrics('sparseness', parts, '--resume');
    expect(readFileSync(path.join(parts, 'records.jsonl'), 'utf8').trim().split('\n')).toHaveLength(24 + 12);
  });

  it('shards merge to the same summary as one run', async () => {
    const whole = folder();
    const shards = [folder(), folder()];
    await run(whole);
    await run(shards[0]!, '--shard', '1/2');
    await run(shards[1]!, '--shard', '2/2');
    expect((await bench('report', ...shards, '-q')).code).toBe(0);
    expect(readFileSync(path.join(shards[0]!, 'summary.csv'), 'utf8')).toBe(
      readFileSync(path.join(whole, 'summary.csv'), 'utf8'),
    );
  });

  it('makes rows of images that cannot be read and exits with 1', async () => {
    const out = folder();
    writeFileSync(path.join(out, 'bad.png'), 'not a picture');
    writeFileSync(path.join(out, 'list.jsonl'), '{"file":"bad.png"}\n{"file":"gone.jpg"}\n');
    const { code } = await bench(
      'run',
      '--images',
      path.join(out, 'list.jsonl'),
      '--out',
      path.join(out, 'run'),
      '-q',
    );
    expect(code).toBe(1);
    const failures = readFileSync(path.join(out, 'run/failures.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failures.map(({ image, error }) => [image, error.code])).toEqual([
      ['bad.png', 'IMAGE_FORMAT'],
      ['gone.jpg', 'NOT_FOUND'],
    ]);
  });

  it('refuses another protocol in the same folder, unknown names and useless flags', async () => {
    const out = folder();
    await run(out);
    expect((await run(out, '--resume', '--seed', '5')).stderr).toContain(
      'another protocol (differs in: seed)',
    );
    expect((await bench('run', '--metric', 'insertoin')).stderr).toContain('insertion');
    expect((await bench('run', '--method', 'grad-cam', '--alpha', '0.5')).stderr).toContain(
      'would do nothing',
    );
    for (const shard of ['3/2', '1', '1/2/3'])
      expect((await bench('run', '--shard', shard)).stderr).toContain('1 ≤ I ≤ N');
    expect((await bench('run', 'photos')).stderr).toContain('Images go behind --images');
    expect((await bench('run', '--images', 'scenes:0')).stderr).toContain('received scenes:0');
    expect((await bench('run', '--holdout', '--method', 'hybrid')).stderr).toContain('--alpha 0:1:0.1');
    expect((await run(folder(), '--reference', 'score-cam')).stderr).toContain('Rows: grad-cam @ layer4.1');
    expect((await bench('report', out, '--reference', 'score-cam')).stderr).toContain('Rows: grad-cam');
    expect((await bench('run', '--method', 'random')).code).toBe(2);
  });

  it('compare pairs two runs and refuses other protocols', async () => {
    const [a, b, c] = [folder(), folder(), folder()];
    await run(a);
    await run(b);
    await run(c, '--score', 'logit');
    expect((await bench('compare', a, b)).stdout).toContain('B − A = 0.0000');
    // Each metric is a family of its own, and a localisation of a misclassified image is in none.
    const changed = readFileSync(path.join(b, 'records.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line, i) => {
        const record = JSON.parse(line);
        const wrong = record.metric === 'energy' && record.image === 'scene-000000';
        return JSON.stringify({
          ...record,
          value: record.value + 0.1 + 0.001 * i,
          ...(wrong ? { flags: ['misclassified'] } : {}),
        });
      });
    writeFileSync(path.join(b, 'records.jsonl'), `${changed.join('\n')}\n`);
    const { stdout } = await bench('compare', a, b);
    const block = (metric: string) => stdout.split('\n\n').find((text) => text.startsWith(metric));
    expect(block('energy')).toContain('n = 3 ');
    expect(block('insertion')).toContain('n = 4  p (Holm) = 0.375  undecided: too few images, it takes 7');
    expect((await bench('compare', a, c)).stderr).toContain('differ in score');
    expect((await bench('compare', a, folder())).stderr).toContain('there is no run.json');
  });
});

describe('alphaList', () => {
  it('reads lists and ranges without rounding errors', () => {
    expect(alphaList('0:1:0.1')).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(alphaList('0.3,1')).toEqual([0.3, 1]);
    expect(() => alphaList('1:0:0.1')).toThrow('LOW:HIGH:STEP');
    expect(() => alphaList('0:1:0')).toThrow('LOW:HIGH:STEP');
    expect(() => alphaList('0.5,0.5')).toThrow('once');
  });
});

describe('metrics of scenes that can be drawn again', () => {
  const drawn = (out: string, ...more: string[]) =>
    bench(
      'run',
      ...[
        '--method',
        'grad-cam,layer-cam,random',
        '--metric',
        'intervention,background-independence,clever-hans',
      ],
      ...['--batch', '8', '--out', out, '-q', ...more],
    );

  it('are measured on each kind of scene, and two networks compare by the mass that the mark draws', async () => {
    const out = folder();
    const { code, stdout } = await drawn(out, '--images', 'scenes:3', '--scene-kind', 'clever-hans');
    expect(code).toBe(0);
    expect(stdout).toContain('Agreement with interventions (parts removed; higher is better; n = 3)');
    expect(stdout).toContain('Mass that the mark draws');
    const records = readFileSync(path.join(out, 'records.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(records.map(({ image }) => image)).has('scene-clever-hans-000000')).toBe(true);
    const marks = records.filter(({ metric }) => metric === 'clever-hans');
    expect(marks.filter(({ method }) => method === 'random').map(({ flags }) => flags[0])).toEqual(
      Array(3).fill('no-method'),
    );
    // The mark draws some of what is spread over the picture, and little: this network was not taught to look at it.
    const drawnBy = (name: string) =>
      marks.filter(({ method }) => method === name).map(({ value }): number => value);
    expect(drawnBy('layer-cam')).toHaveLength(3);
    expect(Math.min(...drawnBy('layer-cam'))).toBeGreaterThan(0.02);
    expect(drawnBy('grad-cam')).toHaveLength(3);
    expect(Math.min(...drawnBy('grad-cam'))).toBeGreaterThan(-0.005);
    expect(Math.max(...drawnBy('layer-cam'), ...drawnBy('grad-cam'))).toBeLessThan(0.1);
    const same = await bench('compare', out, out);
    expect(same.stdout).toContain('clever-hans (with − without mark)');
  });

  it('single scenes have no mark, files cannot be drawn again, and --scene-kind needs scenes', async () => {
    const out = folder();
    await drawn(out, '--images', 'scenes:1');
    const text = readFileSync(path.join(out, 'records.jsonl'), 'utf8');
    expect(text).toContain('"no-mark"');
    expect((await drawn(folder(), '--images', 'photos', '--scene-kind', 'single')).stderr).toContain(
      'where it would do nothing',
    );
  });
});
