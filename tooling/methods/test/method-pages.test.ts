import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { methodNames, methods, refusedMethods } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { explainFlags } from '../../../packages/hybridcam/src/cli/explain/explain-flags.ts';
import { explainPlan } from '../../../packages/hybridcam/src/cli/explain/explain-plan.ts';
import { parseFlags } from '../../../packages/hybridcam/src/cli/flags.ts';
import { capabilityTable, factsTable, type Measured, withBlock } from '../facts.mjs';

const docs = path.join(import.meta.dirname, '../../../docs');
const read = (name: string): string => readFileSync(path.join(docs, 'methods', name), 'utf8');
const measured = JSON.parse(read('measured.json')) as Measured;
const regenerate = 'Run node tooling/methods/write-facts.mjs after pnpm build.';

describe('docs/methods', () => {
  it('has a page for every method, and no other', () => {
    const pages = readdirSync(path.join(docs, 'methods')).filter((file) => file.endsWith('.md'));
    expect(pages.sort()).toEqual(['index.md', ...methodNames.map((name) => `${name}.md`)].sort());
    expect(Object.keys(measured.methods)).toEqual([...methodNames]);
  });

  for (const name of methodNames) {
    it(`${name}.md says what the code does`, () => {
      const page = read(`${name}.md`);
      expect(withBlock(page, factsTable(name, measured), name), regenerate).toBe(page);
      expect(page).toContain(`# ${methods[name].title}\n`);
      expect(page).toContain('## When it misleads');
      expect(page).toContain(`](../images/methods/${name}.png)`);
      expect(existsSync(path.join(docs, 'images/methods', `${name}.png`))).toBe(true);
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

  it('index.md has the capability table of the code, and the reason for every refusal', () => {
    const page = read('index.md');
    expect(withBlock(page, capabilityTable(measured), 'index.md'), regenerate).toBe(page);
    expect([...refusedMethods.keys()].sort()).toEqual([
      'attention-rollout',
      'full-grad',
      'guided-backprop',
      'guided-grad-cam',
      'le-grad',
      'refine-cam',
    ]);
    for (const title of ['Guided', 'FullGrad', 'LeGrad', 'attention rollout', 'RefineCAM'])
      expect(page).toContain(title);
  });
});
