import { beforeAll, describe, expect, test } from 'vitest';
import { failingReads } from './failing-reads.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const kinds = {
  'a LayersModel': async () => ({ source: smallLayersModel() }),
  'a GraphModel': () => loadGraphFixture('graph-model-fused'),
};

describe.each(nodeBackends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(Object.entries(kinds))(
    '%s: tf.memory() is back where it was whichever read fails',
    async (_, make) => {
      const given = await make();
      const { failures, complaints } = await failingReads(given);
      expect(complaints).toEqual([]);
      // Scores, two activations, the linear head's weights and bias, a gradient, the scores of the tail.
      expect(failures).toBeGreaterThanOrEqual(7);
      given.source.dispose();
    },
  );
});
