import { expect, test } from 'vitest';
import { z } from 'zod';
import { firstIssue } from '../../src/records/first-issue.ts';

const schema = z.strictObject({ params: z.record(z.string(), z.number()) });
const issue = (payload: unknown): string => firstIssue(schema.safeParse(payload).error!, payload);

test('says where the payload is wrong, and what is there', () => {
  expect(issue({ params: { alpha: 'x' } })).toMatch(/^params\.alpha: .*\(x\)$/);
  expect(issue({ params: { alpha: {} } })).toMatch(/\(an object\)$/);
  expect(issue(null)).toMatch(/^payload: /);
});

test('is short, whatever is there', () => {
  const long = 'x'.repeat(10_000);
  for (const payload of [
    { params: { [long]: 'x' } },
    { params: { alpha: long } },
    { params: {}, [long]: 1 },
    long,
  ])
    expect(issue(payload).length).toBeLessThan(500);
});
