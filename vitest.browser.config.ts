import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['@hybridcam/source', ...defaultServerConditions];

/** Tests that drive a real Chromium (playwright-core, started by the test itself). One at a time: the machine is small. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: 'browser',
    globalSetup: ['./tooling/test-utils/src/scratch-folder.ts'],
    include: ['{packages,apps,tooling}/*/test/**/*.browser.test.ts', 'examples/test/*.browser.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
