import { runReadme } from '@hybridcam/test-utils';
import { expect, test } from 'vitest';

test('the README’s example explains the last convolution', async () => {
  expect(await runReadme(import.meta.url)).toEqual(['features: 30,30 tfjs 4.22.0 (cpu)']);
});
