import type { LayersModel } from '@tensorflow/tfjs-layers';
import { openPages } from './browser/open-pages.ts';
import type { TestPage } from './browser/page.ts';
import { type CostNetwork, costLayers } from './cost-layers.ts';
import { loadSharedModel } from './load-shared-model.ts';
import { type Cost, measureCost } from './measure-cost.ts';
import { resnet50 } from './resnet50.ts';
import { type NodeBackend, useBackend } from './use-backend.ts';

declare const hybridcamTestPage: TestPage;

export interface CostOptions {
  /** `cpu`, `wasm`, `tensorflow` here, `chromium:webgl` and the like in a page. */
  readonly backend: string;
  readonly network: CostNetwork;
  readonly rounds: number;
  /** The time that the process computes instead of the time that passes: for a machine that others use. Not in a page. */
  readonly computed: boolean;
}

/** What tooling/reference/tfjs/cost.mjs prints. */
export async function cost({ backend, network, rounds, computed }: CostOptions): Promise<Cost[]> {
  if (backend.startsWith('chromium:')) {
    const pages = await openPages();
    const page = await pages.open();
    const name = backend.slice('chromium:'.length);
    if (!(await page.evaluate((given) => hybridcamTestPage.choose(given), name))) {
      throw new Error(`cost: the backend "${name}" does not start in Chromium.`);
    }
    const costs = await page.evaluate((given) => hybridcamTestPage.cost(...given), [
      network,
      rounds,
    ] as const);
    await pages.close();
    return costs;
  }
  await useBackend(backend as NodeBackend);
  const source: LayersModel = network === 'resnet50' ? resnet50() : await loadSharedModel();
  const clock = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const costs = await measureCost(source, costLayers[network], rounds, computed ? clock : undefined);
  source.dispose();
  return costs;
}
