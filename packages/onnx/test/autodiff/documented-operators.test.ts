import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RULES } from '../../src/autodiff/rule-table.ts';

test('docs/onnx-gradients.md lists the operators that have a rule, each once', () => {
  const page = readFileSync(new URL('../../../../docs/onnx-gradients.md', import.meta.url), 'utf8');
  const [, table] = page.split(/<!-- \/?operators -->/);
  const listed = [...table!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  expect(listed.toSorted()).toEqual([...RULES.keys()].sort());
});
