import { expect, test } from 'vitest';
import { DIFFERENTIABLE } from '../../src/autodiff/differentiable-operators.ts';
import { RULES } from '../../src/autodiff/rule-table.ts';

test('says of each operator what its rule says', () => {
  const rules = [...RULES].map(([opType, { differentiable, everyOutput }]) => [
    opType,
    { differentiable, ...(everyOutput ? { everyOutput } : {}) },
  ]);
  expect(Object.fromEntries(DIFFERENTIABLE)).toEqual(Object.fromEntries(rules));
});
