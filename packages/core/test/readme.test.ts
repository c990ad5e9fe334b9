import { runReadme } from '@hybridcam/test-utils';
import { expect, it } from 'vitest';

it('the README’s example prints what its arrays give by hand', async () => {
  // Grad-CAM ReLU([1 − 1.5, 2 − 0, 4 − 0.5]); LayerCAM [0.5, 2, 6]; hybrid (2/3.5)^0.7 · (2/6)^0.3 = 0.486
  expect(await runReadme(import.meta.url)).toEqual(['0,2,3.5', '0.5,2,6', '0.000,0.486,1.000', '224,224']);
});
