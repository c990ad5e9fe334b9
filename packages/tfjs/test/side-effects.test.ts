import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// The production build in backends.browser.test.ts shows that it works; this says why when somebody moves the file.
test('package.json names the module that registers gradients as the only one with side effects', () => {
  const { sideEffects } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(sideEffects).toEqual(['./dist/register-gradients.js', './src/register-gradients.ts']);
  expect(existsSync(new URL('../src/register-gradients.ts', import.meta.url))).toBe(true);
});
