import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['@hybridcam/source', ...defaultServerConditions];

/** Minutes of work each, so not in `pnpm test`: `pnpm --filter @hybridcam/onnx run test:slow`, and the same for the other rooms that have some. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: 'slow',
    globalSetup: ['./tooling/test-utils/src/scratch-folder.ts'],
    include: ['**/test/**/*.slow.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
