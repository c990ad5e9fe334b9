import { runReadme } from '@hybridcam/test-utils';
import { expect, it } from 'vitest';

it('the README’s example makes a sheet of two pictures and a legend as PNG', async () => {
  expect(await runReadme(import.meta.url)).toEqual(['224 × 224 495 × 352', 'PNG']);
});
