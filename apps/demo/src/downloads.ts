import type { ZooName } from '@hybridcam/zoo';
import { type Client, WorkerError } from './client.ts';
import { sentence } from './text/format.ts';
import type { ViewStore } from './view-store.ts';

/** Named networks: fetched only when asked for, kept in the browser, removable. */
export interface Downloads {
  /** Settled with whether the network is there. */
  download(name: ZooName): Promise<boolean>;
  cancel(): void;
  remove(name: ZooName): Promise<void>;
  /** Looks up what earlier visits left. */
  refresh(): Promise<void>;
}

export function createDownloads(client: Client, store: ViewStore): Downloads {
  let controller: AbortController | undefined;
  /** Storage that cannot be read is said to be so, and does not stop the page. */
  const orProblem = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      store.show({ problem: sentence(error) });
    }
  };
  const refresh = (): Promise<void> =>
    orProblem(async () => store.show({ kept: await client.call('keptModels', {}) }));
  return {
    refresh,
    async download(name) {
      if (controller) return false;
      controller = new AbortController();
      store.show({ download: { name, progress: undefined }, problem: undefined });
      try {
        await client.call(
          'download',
          { name },
          {
            signal: controller.signal,
            onProgress: (progress) => store.show({ download: { name, progress } }),
          },
        );
        return true;
      } catch (error) {
        if (!(error instanceof WorkerError && error.code === 'ABORTED'))
          store.show({ problem: sentence(error) });
        return false;
      } finally {
        controller = undefined;
        store.show({ download: undefined });
        await refresh();
      }
    },
    cancel: () => controller?.abort(),
    async remove(name) {
      await orProblem(async () => void (await client.call('removeModel', { name })));
      await refresh();
    },
  };
}
