// Cost of an explanation on TensorFlow.js next to `predict`: interleaved rounds, medians and ratios.
//
//   node tooling/reference/tfjs/cost.mjs [--backend wasm] [--network mobilenet_v2,resnet50] [--rounds 15] [--computed]
//
// Backends: wasm, cpu, tensorflow; chromium:wasm, chromium:webgl, chromium:webgpu. --computed: the processor's time of this process
// instead of the time that passes, for a machine that others use. MobileNetV2 needs ../shared; ResNet-50's weights are computed.
import { parseArgs } from 'node:util';
import { withTestSources } from './with-test-sources.mjs';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    network: { type: 'string', default: 'mobilenet_v2,resnet50' },
    rounds: { type: 'string', default: '15' },
    computed: { type: 'boolean', default: false },
  },
});
const { backend, computed } = values;
await withTestSources(async (load) => {
  const { cost } = await load('/test/cost.ts');
  for (const network of values.network.split(',')) {
    const costs = await cost({ backend, network, rounds: Number(values.rounds), computed });
    for (const { title, milliseconds, ratio } of costs) {
      console.log(
        `${backend} ${network} ${title}: ${milliseconds.toFixed(1)} ms = ${ratio.toFixed(2)} predict`,
      );
    }
  }
});
process.exit(0);
