import { openPages } from '../browser/open-pages.ts';
import type { TestPage } from '../browser/page.ts';
import { loadSharedModel } from '../load-shared-model.ts';
import { type NodeBackend, useBackend } from '../use-backend.ts';
import { explainMaps } from './explain-maps.ts';
import { createParity, type ExplainMaps, type ParityReport, photographNames } from './photograph-parity.ts';

declare const hybridcamTestPage: TestPage;

export interface ParityOptions {
  /** `cpu`, `wasm`, `tensorflow` here, `chromium:wasm` and the like in a page. */
  readonly backends: readonly string[];
  readonly photographs: number;
  /** For how many of them the methods run that take many passes. */
  readonly many: number;
  onReport(backend: string, report: ParityReport, seconds: number): void;
}

/** Every method on every backend against ONNX Runtime; what tooling/reference/tfjs/parity.mjs prints. */
export async function runParity({ backends, photographs, many, onReport }: ParityOptions): Promise<void> {
  const parity = await createParity(photographNames(photographs), many);
  for (const backend of backends) {
    const started = performance.now();
    const page = backend.startsWith('chromium:')
      ? await inChromium(backend.slice('chromium:'.length))
      : undefined;
    const here = page ?? (await inNode(backend as NodeBackend));
    const report = await parity.compare(here.explain);
    await here.close();
    onReport(backend, report, (performance.now() - started) / 1000);
  }
  await parity.dispose();
}

interface Place {
  readonly explain: ExplainMaps;
  close(): Promise<void>;
}

async function inNode(backend: NodeBackend): Promise<Place> {
  await useBackend(backend);
  const source = await loadSharedModel();
  return {
    explain: (...request) => explainMaps(source, ...request),
    async close() {
      source.dispose();
    },
  };
}

async function inChromium(backend: string): Promise<Place> {
  const pages = await openPages();
  const page = await pages.open();
  if (!(await page.evaluate((name) => hybridcamTestPage.choose(name), backend))) {
    throw new Error(`runParity: the backend "${backend}" does not start in Chromium.`);
  }
  return {
    explain: (...request) => page.evaluate((given) => hybridcamTestPage.maps(...given), request),
    close: () => pages.close(),
  };
}
