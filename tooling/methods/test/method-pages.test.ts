import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { methodNames, methods, refusedMethods } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { explainFlags } from '../../../packages/hybridcam/src/cli/explain/explain-flags.ts';
import { explainPlan } from '../../../packages/hybridcam/src/cli/explain/explain-plan.ts';
import { parseFlags } from '../../../packages/hybridcam/src/cli/flags.ts';
import {
  capabilityTable,
  factsTable,
  furtherFactsTable,
  furtherTable,
  type Measured,
  withBlock,
} from '../facts.mjs';
import { furtherMethods, furtherNames } from '../further-methods.mjs';

const docs = path.join(import.meta.dirname, '../../../docs');
const read = (name: string): string => readFileSync(path.join(docs, 'methods', name), 'utf8');
const measured = JSON.parse(read('measured.json')) as Measured;
const regenerate = 'Run node tooling/methods/write-facts.mjs after pnpm build.';

describe('docs/methods', () => {
  it('has a page for every method, also for those without a name of --method, and no other', () => {
    const pages = readdirSync(path.join(docs, 'methods')).filter((file) => file.endsWith('.md'));
    const names = [...methodNames, ...furtherNames];
    expect(pages.sort()).toEqual(['index.md', ...names.map((name) => `${name}.md`)].sort());
    // A convolutional network shows nothing of the methods of transformers.
    expect(Object.keys(measured.methods)).toEqual(
      methodNames.filter((name) => !['attention', 'blocks'].includes(methods[name].needs)),
    );
    expect(Object.keys(measured.further)).toEqual(furtherNames);
  });

  for (const name of methodNames) {
    it(`${name}.md says what the code does`, () => {
      const page = read(`${name}.md`);
      expect(withBlock(page, factsTable(name, measured), name), regenerate).toBe(page);
      expect(page).toContain(`# ${methods[name].title}\n`);
      expect(page).toContain('## When it misleads');
      const drawn = measured.methods[name] !== undefined;
      expect(page.includes(`](../images/methods/${name}.png)`)).toBe(drawn);
      expect(existsSync(path.join(docs, 'images/methods', `${name}.png`))).toBe(drawn);
      for (const variant of methods[name].variants.slice(1)) expect(page).toContain(`\`${variant}\``);
    });

    it(`${name}.md has a command line that the tool takes, for that method`, () => {
      const [, line] = /^hybridcam explain (.*)$/m.exec(read(`${name}.md`))!;
      const { flags, positionals } = parseFlags('explain', explainFlags, line!.split(' '));
      expect(new Set(explainPlan(flags, positionals).methods.map((call) => call.name))).toEqual(
        new Set([name]),
      );
    });
  }

  for (const name of furtherNames) {
    it(`${name}.md has its facts, its code, its picture where there is one, and when it misleads`, () => {
      const page = read(`${name}.md`);
      expect(withBlock(page, furtherFactsTable(name, measured), name), regenerate).toBe(page);
      expect(page).toContain(`# ${furtherMethods[name].title}\n`);
      expect(page).toContain('## When it misleads');
      // tooling/docs/test runs it.
      expect(page).toMatch(/^```ts\n/m);
      const drawn = measured.further[name] !== undefined;
      expect(page.includes(`](../images/methods/${name}.png)`)).toBe(drawn);
      expect(existsSync(path.join(docs, 'images/methods', `${name}.png`))).toBe(drawn);
    });
  }

  it('controls are measured as those that every page compares with', () => {
    expect(measured.further['random-map']?.onObject).toEqual([measured.controls.random]);
    expect(measured.further['centred-map']?.onObject).toEqual([measured.controls.centred]);
  });

  it('index.md has the capability table of the code, and the reason for every refusal', () => {
    const page = read('index.md');
    const tables = `${capabilityTable(measured)}\n\n${furtherTable(measured)}`;
    expect(withBlock(page, tables, 'index.md'), regenerate).toBe(page);
    const pages: readonly string[] = furtherNames;
    expect([...refusedMethods.keys()].filter((name) => !pages.includes(name)).sort()).toEqual([
      'dff',
      'guided-backprop',
      'guided-grad-cam',
      'kpca-cam',
      'random',
      'random-cam',
      'seg-eigen-cam',
    ]);
    const [, reasons] = page.split('## Not offered by `explain`, and why');
    for (const title of ['Guided backpropagation, Guided Grad-CAM', 'KPCA-CAM, SegEigenCAM', 'DFF'])
      expect(reasons).toContain(`*${title}*`);
    for (const name of furtherNames) expect(reasons).toContain(`](${name}.md)`);
  });
});
