import shippedJson from 'virtual:shipped-explanation';
import type { MethodName } from '@hybridcam/core';
import { createClient, WorkerError } from './client.ts';
import { readyMap } from './maps.ts';
import { unpackArrays } from './pack-arrays.ts';
import type { CurvePoints, ModelChoice, NamedMap, PictureChoice } from './protocol.ts';
import { saveAs } from './save-as.ts';
import type { ShippedExplanation } from './shipped.ts';
import { defaultState, type State, seedOf, toHash } from './state.ts';
import { createComponents } from './ui/components.ts';
import type { Actions, ShownPicture, View } from './view.ts';

export interface App {
  /** Settled when the first live explanation is there, or failed. */
  readonly ready: Promise<void>;
  /** Goes to a state that a link asks for. */
  restore(state: State): void;
}

/** State, worker and components: a change of state draws at once what needs no network, and asks the worker for the rest. */
export function createApp(initial: State): App {
  const client = createClient(new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' }));
  let modelFiles: readonly File[] = [];
  let ownPicture: PictureChoice | undefined;
  let view: View = {
    state: initial,
    model: undefined,
    picture: undefined,
    evidence: undefined,
    source: 'shipped',
    labels: undefined,
    busy: 'Starting the network…',
    problem: undefined,
    hovered: undefined,
    compared: new Map(),
    comparing: false,
    curves: { running: false, points: [], result: undefined },
    localisation: undefined,
    pointer: undefined,
    showTruth: false,
  };
  let job = new AbortController();
  let drawQueued = false;

  const show = (change: Partial<View>): void => {
    view = { ...view, ...change };
    // Set at once and taken off when everything is drawn: whoever waits for it sees the finished page.
    if (view.busy !== undefined) document.body.setAttribute('data-busy', '');
    if (drawQueued) return;
    drawQueued = true;
    requestAnimationFrame(() => {
      drawQueued = false;
      for (const component of components) component.update(view);
    });
  };

  const noCurves = { running: false, points: [], result: undefined } as const;
  /** What belongs to one explanation and falls with it. */
  const cleared = {
    compared: new Map<MethodName, NamedMap>(),
    comparing: false,
    curves: noCurves,
    localisation: undefined,
  } as const;

  // One change of model or picture at a time; a newer wish replaces those that wait.
  let wish = 0;
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (step: (isCurrent: () => boolean) => Promise<void>): Promise<void> => {
    const own = ++wish;
    show({ busy: 'Working…' });
    job.abort();
    job = new AbortController();
    const isCurrent = () => own === wish;
    queue = queue.then(async () => {
      if (!isCurrent()) return;
      try {
        await step(isCurrent);
      } catch (error) {
        const aborted = error instanceof WorkerError && error.code === 'ABORTED';
        if (isCurrent()) show({ problem: aborted ? undefined : sentence(error), busy: undefined });
      }
    });
    return queue;
  };

  const modelChoice = (): ModelChoice => {
    const { model, runtime, preset } = view.state;
    return model === 'own' && modelFiles.length > 0
      ? { kind: 'files', runtime, files: modelFiles, preset }
      : { kind: 'scenes', runtime };
  };

  const pictureChoice = (): PictureChoice => {
    const { picture } = view.state;
    const seed = seedOf(picture);
    if (picture === 'own') return ownPicture ?? { kind: 'sample', name: defaultState.picture };
    return seed === undefined ? { kind: 'sample', name: picture } : { kind: 'seed', seed };
  };

  const openModel = async (): Promise<void> => {
    show({ busy: 'Opening the network…', problem: undefined });
    const model = await client.call('openModel', modelChoice());
    show({ model, labels: model.labels });
  };

  const openPicture = async (): Promise<void> => {
    show({ busy: 'Reading the picture…', problem: undefined });
    const { bitmap, ...facts } = await client.call('openPicture', pictureChoice());
    pendingPicture = { ...facts, bitmap };
  };
  /** Shown together with its explanation, so that a map never lies on another picture. */
  let pendingPicture: ShownPicture | undefined;

  const explain = async (isCurrent: () => boolean, notice?: string): Promise<void> => {
    show({ busy: 'Explaining…', problem: undefined });
    const { layer, method, classIndex, against } = view.state;
    const model = view.model!;
    const known = layer !== undefined && model.layers.some(({ name }) => name === layer);
    const inRange = (index: number | undefined) =>
      index !== undefined && index < model.classCount ? index : undefined;
    const evidence = await client.call('explain', {
      layer: known ? layer : undefined,
      method,
      classIndex: inRange(classIndex),
      against: inRange(against) === classIndex ? undefined : inRange(against),
    });
    if (!isCurrent()) return;
    show({
      ...cleared,
      evidence,
      source: 'live',
      busy: undefined,
      problem: notice,
      ...(pendingPicture ? { picture: pendingPicture } : {}),
    });
    pendingPicture = undefined;
    await localise();
  };

  const shownSaliency = (): Float32Array | undefined => {
    const { evidence, picture, state } = view;
    if (!evidence || !picture) return undefined;
    const { height, width } = picture.geometry.input;
    const map = readyMap(evidence, state.method, state.alpha)?.at(height, width);
    return map && Float32Array.from(map.data);
  };

  const localise = async (): Promise<void> => {
    const map = shownSaliency();
    if (!map || !view.evidence || view.source !== 'live' || !view.picture?.truth.length) {
      show({ localisation: null });
      return;
    }
    const { evidence } = view;
    const localisation = await client.call(
      'localise',
      { map, classIndex: evidence.classIndex },
      { transfer: [map.buffer] },
    );
    if (view.evidence === evidence) show({ localisation });
  };
  let localiseTimer = 0;

  /** @param undo takes back what the change brought besides state, when the worker refuses it */
  const apply = (change: Partial<State>, undo: () => void = () => undefined): void => {
    const before = view.state;
    const state = { ...before, ...change };
    const differs = (...fields: (keyof State)[]) => fields.some((field) => before[field] !== state[field]);
    const remember = (next: State): void => {
      show({ state: next });
      history.replaceState(null, '', `#${toHash(next)}`);
    };
    remember(state);
    // What cannot be opened leaves the page as it was: the worker still holds the network and the picture from before.
    const orTakeBack = async (step: Promise<void>): Promise<void> => {
      try {
        await step;
      } catch (error) {
        undo();
        const fields = Object.keys(change) as (keyof State)[];
        remember({ ...view.state, ...Object.fromEntries(fields.map((field) => [field, before[field]])) });
        throw error;
      }
    };
    if (
      differs('model', 'runtime') ||
      (differs('preset') && state.model === 'own') ||
      change.model === 'own'
    ) {
      void enqueue(async (isCurrent) => {
        await orTakeBack(openModel());
        await openPicture();
        await explain(isCurrent);
      });
    } else if (differs('picture') || change.picture === 'own') {
      void enqueue(async (isCurrent) => {
        await orTakeBack(openPicture());
        await explain(isCurrent);
      });
    } else if (differs('layer', 'method', 'classIndex', 'against')) {
      void enqueue(explain);
    } else if (differs('alpha')) {
      show({ curves: view.curves.running ? view.curves : noCurves });
      clearTimeout(localiseTimer);
      localiseTimer = window.setTimeout(() => void localise(), 150);
    }
  };

  const runJob = async (
    work: (signal: AbortSignal) => Promise<void>,
    after: () => Partial<View>,
  ): Promise<void> => {
    const { signal } = job;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) show({ problem: sentence(error) });
    } finally {
      show(after());
    }
  };

  const actions: Actions = {
    set: apply,
    hover: (hovered) => {
      if (hovered !== view.hovered) show({ hovered });
    },
    point: (pointer) => show({ pointer }),
    openModelFiles(files) {
      const filesBefore = modelFiles;
      modelFiles = files;
      apply(
        { model: 'own', preset: undefined, layer: undefined, classIndex: undefined, against: undefined },
        () => {
          modelFiles = filesBefore;
        },
      );
    },
    useScenes() {
      apply({
        model: 'scenes',
        preset: undefined,
        layer: undefined,
        classIndex: undefined,
        against: undefined,
      });
    },
    openPictureFile(file, name) {
      const pictureBefore = ownPicture;
      ownPicture = { kind: 'file', file, name };
      apply({ picture: 'own', classIndex: undefined, against: undefined }, () => {
        ownPicture = pictureBefore;
      });
    },
    showFrame(frame) {
      ownPicture = { kind: 'file', file: frame, name: 'camera' };
      apply({ picture: 'own', classIndex: undefined, against: undefined });
      return queue;
    },
    toggleTruth: () => show({ showTruth: !view.showTruth }),
    compare() {
      const { evidence } = view;
      if (!evidence || view.comparing) return;
      show({ comparing: true, compared: new Map() });
      const { layer, classIndex, against } = evidence;
      void runJob(
        async (signal) => {
          await client.call(
            'compare',
            { layer, method: view.state.method, classIndex, against },
            {
              signal,
              onProgress: (map) => {
                if (view.evidence === evidence)
                  show({ compared: new Map(view.compared).set(map.method, map) });
              },
            },
          );
        },
        () => ({ comparing: false }),
      );
    },
    runCurves() {
      const map = shownSaliency();
      const { evidence } = view;
      if (!map || !evidence || view.curves.running) return;
      show({ curves: { running: true, points: [], result: undefined } });
      void runJob(
        async (signal) => {
          const result = await client.call(
            'curves',
            { map, classIndex: evidence.classIndex },
            { signal, transfer: [map.buffer], onProgress: (points) => addPoints(points) },
          );
          show({ curves: { ...view.curves, result } });
        },
        () => ({ curves: { ...view.curves, running: false } }),
      );
    },
    cancel() {
      job.abort();
      job = new AbortController();
    },
    save(kind, say) {
      saveAs(kind, view, client, shownSaliency).then(say, (error: unknown) =>
        show({ problem: sentence(error) }),
      );
    },
  };

  const addPoints = (points: CurvePoints): void => {
    if (!view.curves.running) return;
    const others = view.curves.points.filter(
      ({ subject, mode }) => subject !== points.subject || mode !== points.mode,
    );
    show({ curves: { ...view.curves, points: [...others, points] } });
  };

  const components = createComponents(actions, () => view);
  void showShipped(initial).then((change) => {
    if (change && view.source === 'shipped') show(change);
  });
  show({});
  const ready = enqueue(async (isCurrent) => {
    await openModel();
    await openPicture();
    const missing = initial.model === 'own' || initial.picture === 'own';
    await explain(
      isCurrent,
      missing
        ? 'This link was made with a picture or network that only its author has. The samples are shown in its place.'
        : undefined,
    );
  });
  return {
    ready,
    restore(state) {
      if (toHash(state) !== toHash(view.state)) apply(state);
    },
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The prepared explanation, where the page opens on what it explains. */
async function showShipped(state: State): Promise<Partial<View> | undefined> {
  const shipped = JSON.parse(shippedJson, unpackArrays) as ShippedExplanation;
  const { evidence } = shipped;
  const fits =
    state.picture === shipped.sample &&
    state.model === 'scenes' &&
    state.layer === undefined &&
    state.against === undefined &&
    (state.classIndex === undefined || state.classIndex === evidence.classIndex) &&
    ['hybrid', 'grad-cam', 'layer-cam'].includes(state.method);
  if (!fits) return undefined;
  const image = new Image(shipped.width, shipped.height);
  image.src = shipped.picture;
  await image.decode();
  return {
    evidence,
    labels: shipped.labels,
    picture: {
      name: shipped.sample,
      width: shipped.width,
      height: shipped.height,
      bitmap: image,
      seen: undefined,
      geometry: shipped.geometry,
      truth: [],
    },
  };
}
