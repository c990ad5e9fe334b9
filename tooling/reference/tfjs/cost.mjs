// Cost of an explanation on TensorFlow.js next to `predict`: interleaved rounds, medians and ratios.
//
//   node tooling/reference/tfjs/cost.mjs [backend=wasm] [rounds=15]        backends: wasm, cpu, tensorflow
//
// Needs ../shared (MobileNetV2); ResNet-50's weights are computed.
import { createServer, defaultServerConditions } from 'vite';

const [backend = 'wasm', rounds = '15'] = process.argv.slice(2);
const root = new URL('../../../packages/tfjs', import.meta.url).pathname;
const conditions = ['@hybridcam/source', ...defaultServerConditions];
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
});
try {
  const { cost } = await server.ssrLoadModule('/test/cost.ts');
  await cost(backend, Number(rounds));
} finally {
  await server.close();
}
process.exit(0);
