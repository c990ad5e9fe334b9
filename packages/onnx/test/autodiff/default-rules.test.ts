import { expect, test } from 'vitest';
import { defaultRules } from '../../src/autodiff/default-rules.ts';

test('convolutions are turned around but for WebGPU, which gets some of them wrong', () => {
  expect(defaultRules(undefined).convolution).toBe('flip');
  expect(defaultRules({ executionProviders: ['wasm'] }).convolution).toBe('flip');
  expect(defaultRules({ executionProviders: ['webgpu', 'wasm'] }).convolution).toBe('transpose');
  expect(defaultRules({ executionProviders: [{ name: 'webgpu' }] }).convolution).toBe('transpose');
});
