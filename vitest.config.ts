import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Tests read our own packages from source: no build step, and a stack trace points at the file to mend.
// Setting the list replaces vite's default, so the defaults are repeated.
const conditions = ['@hybridcam/source', ...defaultServerConditions];

export default defineConfig({
  test: {
    globalSetup: ['./tooling/test-utils/src/scratch-folder.ts'],
    projects: ['packages/*', 'apps/*', 'tooling/*', 'examples'].map((group) => ({
      extends: true as const,
      test: {
        name: group.replace('/*', ''),
        include: [`${group}/test/**/*.test.ts`],
        exclude: ['**/node_modules/**', '**/*.browser.test.ts', '**/*.slow.test.ts'],
        environment: 'node',
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
    })),
  },
});
