import path from 'node:path';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['@hybridcam/source', ...defaultServerConditions];

/** `pnpm fuzz`: the parsers under 100 000 mutated files each (FUZZ_CASES), and which of their branches that reached. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['tooling/fuzz/test/parsers.test.ts'],
    env: { FUZZ_CASES: process.env['FUZZ_CASES'] ?? '100000' },
    coverage: {
      enabled: true,
      reporter: ['text', 'json-summary', 'json'],
      reportsDirectory: '.cache/coverage-fuzz',
      include: [
        'packages/onnx/src/proto/{read-*,wire-reader,tensor-values,utf8,sniff-format,half}.ts',
        'packages/onnx/src/autodiff/plan-file.ts',
        'packages/scenes/src/safetensors.ts',
        'packages/zoo/src/checkpoint/*.ts',
        'packages/tfjs/src/load/{model-files,model-from-files,weight-manifest}.ts',
        'packages/hybridcam/src/labels.ts',
        'packages/image/src/header/*.ts',
        'apps/bench/src/images/manifest-paths.ts',
        'apps/bench/src/queue/{job,result,source-list}.ts',
        'apps/bench/src/records/{read-lines,checked-lines,record-schemas,first-issue,read-records,run-json,run-schema}.ts',
      ],
    },
  },
});
