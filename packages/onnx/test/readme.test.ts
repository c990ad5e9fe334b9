import { runReadme } from '@hybridcam/test-utils';
import { expect, test } from 'vitest';

test('the README snippet runs and prints what it says', async () => {
  expect(await runReadme(import.meta.url)).toEqual([
    'features 1,4,4',
    '0.1 0.1 0.1 0.1 0.1 1.0 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1',
  ]);
});
