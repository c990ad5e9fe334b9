import type { Client } from './client.ts';
import type { CurvePoints, NamedMap } from './protocol.ts';
import type { Session } from './session.ts';
import { sentence } from './text/format.ts';
import { withoutResults } from './view.ts';
import type { ViewStore } from './view-store.ts';

/** What runs the network many times, or for every method, and only when asked to. */
export interface Jobs {
  compare(): void;
  runCurves(): void;
  runSlowMethod(): void;
  /** The visitor's wish: ends all of them, and the page says so. */
  cancel(): void;
  /** The explanation they belong to goes: ends all of them, and nothing of them is shown any more. */
  forget(): void;
}

export function createJobs(client: Client, store: ViewStore, session: () => Session): Jobs {
  let controller = new AbortController();
  const forgotten = new WeakSet<AbortSignal>();

  /** Nothing starts while the worker may hold another picture than the page shows. */
  const canStart = () => store.view.evidence !== undefined && store.view.busy === undefined;

  /** @param end takes the mark of running off; `done` is false where the job was cancelled or failed */
  const run = async (
    work: (signal: AbortSignal) => Promise<void>,
    end: (done: boolean) => void,
  ): Promise<void> => {
    const { signal } = controller;
    const isForgotten = () => forgotten.has(signal);
    try {
      await work(signal);
      if (!isForgotten()) end(!signal.aborted);
    } catch (error) {
      if (!signal.aborted) store.show({ problem: sentence(error) });
      if (!isForgotten()) end(false);
    }
  };

  const addPoints = (points: CurvePoints): void => {
    const { curves } = store.view;
    const others = curves.points.filter(
      ({ subject, mode }) => subject !== points.subject || mode !== points.mode,
    );
    store.show({ curves: { ...curves, points: [...others, points] } });
  };

  const addMap = (map: NamedMap): void =>
    store.show({ compared: new Map(store.view.compared).set(map.method, map) });

  const cancel = (): void => {
    controller.abort();
    controller = new AbortController();
  };

  return {
    compare() {
      const { evidence, comparing, state } = store.view;
      if (!canStart() || !evidence || comparing) return;
      store.show({ comparing: true, compared: new Map() });
      const { layer, classIndex, against } = evidence;
      void run(
        async (signal) => {
          const onProgress = (map: NamedMap) => signal.aborted || addMap(map);
          await client.call(
            'compare',
            { layer, method: state.method, classIndex, against },
            { signal, onProgress },
          );
        },
        () => store.show({ comparing: false }),
      );
    },
    runCurves() {
      const { evidence, curves } = store.view;
      const map = session().saliency();
      if (!canStart() || !evidence || !map || curves.state === 'running') return;
      store.show({ curves: { state: 'running', points: [], result: undefined } });
      void run(
        async (signal) => {
          const result = await client.call(
            'curves',
            { map, classIndex: evidence.classIndex },
            { signal, transfer: [map.buffer], onProgress: (points) => signal.aborted || addPoints(points) },
          );
          if (!signal.aborted) store.show({ curves: { ...store.view.curves, result } });
        },
        (done) => store.show({ curves: { ...store.view.curves, state: done ? 'done' : 'cancelled' } }),
      );
    },
    runSlowMethod() {
      const { evidence, state, slowRun } = store.view;
      if (!canStart() || !evidence || slowRun) return;
      store.show({ slowRun: { done: 0, total: evidence.costs[state.method] } });
      const { layer, classIndex, against } = evidence;
      void run(
        async (signal) => {
          const other = await client.call(
            'runMethod',
            { layer, method: state.method, classIndex, against },
            { signal, onProgress: (progress) => signal.aborted || store.show({ slowRun: progress }) },
          );
          if (!signal.aborted) session().addMap(other);
        },
        () => store.show({ slowRun: undefined }),
      );
    },
    cancel,
    forget() {
      forgotten.add(controller.signal);
      cancel();
      store.show(withoutResults);
    },
  };
}
