import { createAddress } from './address.ts';
import type { Client } from './client.ts';
import { fitState } from './fit-state.ts';
import { createHoldings } from './holdings.ts';
import { createLocalisation, saliencyOf } from './localisation.ts';
import type { ModelChoice, NamedMap, PictureChoice } from './protocol.ts';
import { routeFiles } from './route-files.ts';
import { freshExplanation, isZooName, type State, toHash } from './state.ts';
import { sentence } from './text/format.ts';
import { resultsOf, type View, withoutResults } from './view.ts';
import type { ViewStore } from './view-store.ts';
import { createWishQueue } from './wish-queue.ts';

/** What the worker holds follows what the state wants: model, then picture, then explanation. */
export interface Session {
  /** Settled when the first live explanation is there, or failed. */
  readonly ready: Promise<void>;
  /** Takes over a change of state: drawn at once where that needs no network, else asked of the worker. */
  apply(change: Partial<State>): void;
  /** Goes to the state of a link. @param note what of the link could not be read */
  restore(state: State, note: string | undefined): void;
  /** A picture, a model, or both, by what the files are. */
  openFiles(files: readonly File[]): void;
  openPictureFile(file: Blob, name: string): void;
  /** Settled when everything that was wished for is shown. */
  idle(): Promise<void>;
  /** The map on screen at input size, for files and measurements. */
  saliency(): Float32Array | undefined;
  /** Shows the map of a method that had to be run apart. */
  addMap(other: NamedMap): void;
}

/**
 * @param endJobs called before the worker's model, picture or class changes: what still runs belongs to those before
 * @param startNote said with the first explanation
 */
export function createSession(
  client: Client,
  store: ViewStore,
  endJobs: () => void,
  startNote: string | undefined,
): Session {
  /** The page before the wishes that are open: back to it where what they wish for cannot be opened. */
  let atRest: AtRest | undefined;

  const address = createAddress(() => toHash(store.view.state));
  const wishes = createWishQueue((error) => store.show({ problem: sentence(error), busy: undefined }));

  const remember = (state: State): void => {
    store.show({ state });
    address.write();
  };

  const holdings = createHoldings(client, store, remember);
  const localisation = createLocalisation(client, store);

  const explain = async (isCurrent: () => boolean, notes: readonly string[]): Promise<void> => {
    store.show({ busy: 'Explaining…', problem: undefined });
    const fit = fitState(store.view.state, store.view.model!);
    if (Object.keys(fit.change).length > 0) remember({ ...store.view.state, ...fit.change });
    const { layer, method, classIndex, against } = store.view.state;
    const evidence = await client.call('explain', { layer, method, classIndex, against });
    if (!isCurrent()) return;
    const picture = holdings.takePicture();
    store.show({
      ...withoutResults,
      evidence,
      source: 'live',
      busy: undefined,
      problem: [...notes, ...fit.notes].join(' ') || undefined,
      ...(picture ? { picture } : {}),
    });
    await localisation.update();
  };

  /**
   * What cannot be opened leaves the page as it was: layer, class and contrast of the network that goes on are back, and so is all that
   * was found out with them. Only where something else came along, such as a picture, there is something to explain.
   * @returns whether the page is as it was
   */
  const goBack = (before: AtRest | undefined): boolean => {
    if (!before || before.model !== holdings.model) return false;
    const { layer, classIndex, against, method, alpha } = before.state;
    const isSamePicture = before.picture === holdings.picture;
    const target = isSamePicture ? { classIndex, against } : { classIndex: undefined, against: undefined };
    remember({ ...store.view.state, layer, ...target });
    const { state } = store.view;
    if (!isSamePicture || state.method !== method || state.alpha !== alpha) return false;
    store.show(before.results);
    return true;
  };

  /** Brings the worker to what the state wants, and shows the explanation. @param note said with it */
  const follow = (before: State, note?: string): Promise<void> => {
    atRest ??= {
      state: before,
      model: holdings.model,
      picture: holdings.picture,
      results: resultsOf(store.view),
    };
    store.show({ busy: 'Working…' });
    endJobs();
    return wishes.add(async (isCurrent) => {
      try {
        await carryOut(isCurrent, note);
      } finally {
        if (isCurrent()) atRest = undefined;
      }
    });
  };

  const carryOut = async (isCurrent: () => boolean, note: string | undefined): Promise<void> => {
    const refusals: string[] = [];
    let isOpened = false;
    try {
      if (!holdings.hasModel()) {
        await holdings.openModel(isCurrent);
        isOpened = true;
      }
    } catch (error) {
      // The network from before goes on, with the picture that may have come along.
      if (!holdings.model || !isCurrent()) throw error;
      refusals.push(sentence(error));
    }
    if (isOpened || !holdings.hasPicture()) {
      try {
        await holdings.openPicture();
      } catch (error) {
        if (!holdings.picture) throw error;
        refusals.push(sentence(error));
        // A new network has not read the picture from before.
        if (isOpened) await holdings.openPicture();
      }
    }
    if (!isCurrent()) return;
    const notes = note === undefined ? refusals : [note, ...refusals];
    if (refusals.length > 0 && goBack(atRest)) store.show({ busy: undefined, problem: notes.join(' ') });
    else await explain(isCurrent, notes);
  };

  const apply = (change: Partial<State>, note?: string): void => {
    const before = store.view.state;
    remember({ ...before, ...change });
    const { state } = store.view;
    const changed = (...fields: (keyof State)[]) => fields.some((field) => before[field] !== state[field]);
    const needsWorker =
      changed('layer', 'method', 'classIndex', 'against') || !holdings.hasModel() || !holdings.hasPicture();
    if (needsWorker) {
      void follow(before, note);
      return;
    }
    if (note !== undefined) store.show({ problem: note });
    if (changed('alpha')) {
      if (store.view.curves.state !== 'running') store.show({ curves: withoutResults.curves });
      localisation.updateSoon();
    }
  };

  const start = async (): Promise<void> => {
    const { model, picture } = store.view.state;
    // What a link says wrongly does not stay in the address.
    address.write();
    const missing =
      model === 'own' || picture === 'own'
        ? 'This link was made with a picture or network that only its author has. The samples are shown in its place.'
        : undefined;
    const note = [startNote, missing].filter((text) => text !== undefined).join(' ') || undefined;
    if (!isZooName(model)) return follow(store.view.state, note);
    // A link must not start a download: a named network opens by itself only where it is kept.
    await follow(store.view.state, note);
    if (holdings.model) return;
    const { problem } = store.view;
    remember({ ...store.view.state, ...freshExplanation, model: 'scenes' });
    return follow(store.view.state, [note, problem].filter(Boolean).join(' '));
  };

  return {
    ready: start(),
    apply,
    idle: () => wishes.idle(),
    saliency: () => saliencyOf(store.view),
    addMap(other) {
      const { evidence } = store.view;
      if (!evidence) return;
      store.show({ evidence: { ...evidence, other } });
      void localisation.update().catch(() => undefined);
    },
    restore(state, note) {
      if (toHash(state) !== toHash(store.view.state)) {
        apply(state, note);
        return;
      }
      address.write();
      if (note !== undefined) store.show({ problem: note });
    },
    openFiles(files) {
      const ownModel = holdings.model?.kind === 'files' ? holdings.model.files : undefined;
      const { picture, model, note } = routeFiles(files, ownModel);
      if (!picture && model.length === 0) {
        store.show({ problem: note });
        return;
      }
      if (model.length > 0) holdings.setModelFiles(model);
      if (picture) holdings.setOwnPicture(picture, picture.name);
      // Labels that came later change nothing else of a model.
      const isOtherModel = model.length > 0 && !model.some((file) => ownModel?.includes(file));
      apply(
        {
          ...(model.length > 0 ? { model: 'own' as const } : {}),
          ...(isOtherModel ? { ...freshExplanation, preset: undefined } : {}),
          ...(picture ? { picture: 'own', classIndex: undefined, against: undefined } : {}),
        },
        note,
      );
    },
    openPictureFile(file, name) {
      holdings.setOwnPicture(file, name);
      apply({ picture: 'own', classIndex: undefined, against: undefined });
    },
  };
}

interface AtRest {
  readonly state: State;
  readonly model: ModelChoice | undefined;
  readonly picture: PictureChoice | undefined;
  readonly results: Partial<View>;
}
