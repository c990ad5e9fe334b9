import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['@hybridcam/source', ...defaultServerConditions];

/** Minutes of work: real processes, killed again and again. `pnpm --filter @hybridcam/bench run test:slow` */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: 'slow',
    include: ['test/**/*.slow.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
