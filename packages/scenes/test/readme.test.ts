import { runReadme } from '@hybridcam/test-utils';
import { expect, it } from 'vitest';

it('the README’s snippet runs and prints what it says', async () => {
  expect(await runReadme(import.meta.url)).toEqual(['fish true', 'null true']);
});
