// Cost of an explanation on TensorFlow.js next to `predict`: interleaved rounds, medians and ratios.
//
//   node tooling/reference/tfjs/cost.mjs [backend=wasm] [rounds=15]        backends: wasm, cpu, tensorflow
//
// Needs ../shared (MobileNetV2); ResNet-50's weights are computed.
import { withTestSources } from './with-test-sources.mjs';

const [backend = 'wasm', rounds = '15'] = process.argv.slice(2);
await withTestSources(async (load) => {
  const { cost } = await load('/test/cost.ts');
  await cost(backend, Number(rounds));
});
process.exit(0);
