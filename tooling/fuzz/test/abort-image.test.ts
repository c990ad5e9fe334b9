import path from 'node:path';
import { decode } from '@hybridcam/image/node';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import { test } from 'vitest';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

const images = path.join(import.meta.dirname, '../../../packages/image/test/fixtures/images');

test.each(['cmyk.jpg', 'gamma.png', 'animated.webp'])('decode of %s leaves no open file', async (name) => {
  const report = await abortAtEveryAwait((signal) => decode(path.join(images, name), { signal }), {
    digest: ({ width, height, data }) => ({ width, height, data }),
  });
  expectRefusedEverywhere(report);
});
