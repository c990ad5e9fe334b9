import { view } from '@hybridcam/core';
import { adapterConformance } from '@hybridcam/test-utils/adapter-conformance';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { graphCuts, graphFixtures } from './graph-fixture.ts';
import { held } from './held.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

describe.each(graphFixtures)('%s', (fixture) => {
  describe.each(nodeBackends)('on %s', (backend) => {
    let loaded: Awaited<ReturnType<typeof loadGraphFixture>>;
    beforeAll(async () => {
      await useBackend(backend);
      loaded = await loadGraphFixture(fixture);
    });
    afterAll(() => {
      loaded.source.dispose();
    });
    const subject = {
      create: () => createTfjsModel(loaded.source, { artifacts: loaded.artifacts }),
      view,
      cuts: graphCuts(fixture),
      held,
    };
    for (const { title, run } of adapterConformance(subject)) test(title, { timeout: 300_000 }, run);
  });
});

describe.each(nodeBackends)('a LayersModel on %s', (backend) => {
  let model: ReturnType<typeof smallLayersModel>;
  beforeAll(async () => {
    await useBackend(backend);
    model = smallLayersModel();
  });
  afterAll(() => {
    model.dispose();
  });
  const subject = {
    create: () => createTfjsModel(model),
    view,
    cuts: ['stem', 'stem_bn', 'stem_relu', 'block_add', 'mixed', 'shrink', 'scaled', 'top'],
    held,
  };
  for (const { title, run } of adapterConformance(subject)) test(title, { timeout: 300_000 }, run);
});
