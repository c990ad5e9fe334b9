import { createClient } from './client.ts';
import { createDownloads } from './downloads.ts';
import { createJobs } from './jobs.ts';
import { saveAs } from './save-as.ts';
import { createSession } from './session.ts';
import { shippedView } from './shipped-view.ts';
import { freshExplanation, fromHash, type State, unreadNote } from './state.ts';
import { sentence } from './text/format.ts';
import { createComponents } from './ui/components.ts';
import { type Actions, type View, withoutResults } from './view.ts';
import { createViewStore, type DrawnParts } from './view-store.ts';

export interface App {
  /** Settled when the first live explanation is there, or failed. */
  readonly ready: Promise<void>;
  /** Goes to what a link asks for: the part of an address after `#`. */
  restore(hash: string): void;
}

/** Worker, view and components put together. */
export function createApp(hash: string): App {
  const initial = fromHash(hash);
  const client = createClient(new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' }));
  let components: DrawnParts | undefined;
  const store = createViewStore(emptyView(initial), () => {
    // With the first frame, so that it is no part of starting.
    components ??= createComponents(actions, () => store.view);
    return components;
  });
  const jobs = createJobs(client, store, () => session);
  const session = createSession(client, store, () => jobs.forget(), unreadNote(hash));
  const downloads = createDownloads(client, store);

  const actions: Actions = {
    set: session.apply,
    hover: (hovered) => {
      if (hovered !== store.view.hovered) store.show({ hovered });
    },
    point: (pointer) => store.show({ pointer }),
    openFiles: session.openFiles,
    openPictureFile: session.openPictureFile,
    showFrame(frame) {
      session.openPictureFile(frame, 'camera');
      return session.idle();
    },
    async useModel(name) {
      if (await downloads.download(name)) session.apply({ ...freshExplanation, model: name });
    },
    lookUpKept: () => void downloads.refresh(),
    cancelDownload: downloads.cancel,
    removeModel(name) {
      void downloads.remove(name);
    },
    compare: jobs.compare,
    runCurves: jobs.runCurves,
    runSlowMethod: jobs.runSlowMethod,
    cancel: jobs.cancel,
    retry: () => location.reload(),
    redraw: () => store.show({}),
    save(kind, say) {
      // The worker draws from the picture it holds: what is being opened comes first.
      session
        .idle()
        .then(() => saveAs(kind, store.view, client, session.saliency))
        .then(say, (error: unknown) => store.show({ problem: sentence(error) }));
    },
  };

  void shippedView(initial).then((change) => {
    if (change && store.view.source === 'shipped') store.show(change);
  });
  store.show({});
  return {
    ready: session.ready,
    restore: (next) => session.restore(fromHash(next), unreadNote(next)),
  };
}

function emptyView(state: State): View {
  return {
    state,
    model: undefined,
    picture: undefined,
    evidence: undefined,
    source: 'shipped',
    labels: undefined,
    busy: 'Starting the network…',
    problem: undefined,
    hovered: undefined,
    ...withoutResults,
    pointer: undefined,
    kept: undefined,
    download: undefined,
  };
}
