import { openPages } from '../browser/open-pages.ts';
import type { TestPage } from '../browser/page.ts';
import { loadFolder } from '../load-shared-model.ts';
import { type NodeBackend, useBackend } from '../use-backend.ts';
import { createParity, type ExplainMaps } from './create-parity.ts';
import { explainMaps } from './explain-maps.ts';
import type { ParityNetwork } from './parity-network.ts';
import { type ParityReport, type PictureReport, parityReport } from './parity-report.ts';
import { type Stage, stages } from './parity-requests.ts';

declare const hybridcamTestPage: TestPage;

export interface ParityOptions {
  /** `cpu`, `wasm`, `tensorflow` here, `chromium:wasm` and the like in a page. */
  readonly backends: readonly string[];
  readonly network: ParityNetwork;
  /** For how many of its pictures the methods of each stage run. */
  readonly counts: Readonly<Record<Stage, number>>;
  /** What an earlier run on this backend has found already. */
  earlier(backend: string): PictureReport[];
  onPicture(backend: string, report: PictureReport): void;
  onReport(backend: string, report: ParityReport): void;
}

/** Every method on every backend against ONNX Runtime; what tooling/reference/tfjs/parity.mjs prints. */
export async function runParity(options: ParityOptions): Promise<void> {
  const { backends, network, counts } = options;
  const parity = await createParity(network);
  for (const backend of backends) {
    const reports = options
      .earlier(backend)
      .filter((known) => network.pictures.some(({ name }) => name === known.picture));
    const left = stages.flatMap((stage) =>
      network.pictures
        .slice(0, counts[stage])
        .filter(({ name }) => !reports.some((known) => known.picture === name && known.stage === stage))
        .map((picture) => ({ picture, stage })),
    );
    if (left.length > 0) {
      const place = backend.startsWith('chromium:')
        ? await inChromium(backend.slice('chromium:'.length), network)
        : await inNode(backend as NodeBackend, network);
      for (const { picture, stage } of left) {
        const report = await parity.compare(place.explain, picture, stage);
        reports.push(report);
        options.onPicture(backend, report);
      }
      await place.close();
    }
    options.onReport(backend, parityReport(parity.requests, reports));
  }
  await parity.dispose();
}

interface Place {
  readonly explain: ExplainMaps;
  close(): Promise<void>;
}

async function inNode(backend: NodeBackend, network: ParityNetwork): Promise<Place> {
  await useBackend(backend);
  const source = await loadFolder(network.tfjs);
  return {
    explain: (...request) => explainMaps(source, ...request),
    async close() {
      source.dispose();
    },
  };
}

async function inChromium(backend: string, network: ParityNetwork): Promise<Place> {
  const pages = await openPages(network.tfjs);
  const page = await pages.open();
  if (!(await page.evaluate((name) => hybridcamTestPage.choose(name), backend))) {
    throw new Error(`runParity: the backend "${backend}" does not start in Chromium.`);
  }
  return {
    explain: (...request) => page.evaluate((given) => hybridcamTestPage.maps(...given), request),
    close: () => pages.close(),
  };
}
