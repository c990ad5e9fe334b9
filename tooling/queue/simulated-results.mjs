import { contentKey } from '../../apps/bench/dist/records/canonical-json.js';

const METHODS = 10;
const METRICS = ['insertion', 'deletion'];
const POINTS = 29;

/** Name, hash and expected records of the `index`th image of a simulated run. */
export function simulatedImage(index) {
  const identities = new Map();
  for (let method = 0; method < METHODS; method++) {
    for (const metric of METRICS) {
      identities.set(contentKey([index, method, metric]), {
        method: `method-${method}`,
        params: {},
        layer: '/layer4/layer4.2/relu_2/Relu_output_0',
        metric,
        preset: 'rise',
      });
    }
  }
  return { name: `image-${index}.jpg`, sha256: String(index).padStart(64, '0'), identities };
}

/** What a worker would return of it: numbers with as many digits as real ones. */
export function simulatedResult(index) {
  const { name, sha256, identities } = simulatedImage(index);
  const records = [...identities].map(([key, identity]) => ({
    v: 1,
    key,
    image: name,
    sha256,
    class: index % 1000,
    p: Math.random(),
    ...identity,
    value: Math.random(),
    f0: Math.random(),
    f1: Math.random(),
    ties: 0,
    flags: [],
  }));
  const curves = records.map(({ key }) => ({
    v: 1,
    key,
    x: Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1)),
    y: Array.from({ length: POINTS }, () => Math.random()),
  }));
  return { records, curves };
}
