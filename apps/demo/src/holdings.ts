import type { Client } from './client.ts';
import type { ModelChoice, PictureChoice } from './protocol.ts';
import type { State } from './state.ts';
import type { ShownPicture } from './view.ts';
import type { ViewStore } from './view-store.ts';
import { isSame, modelState, pictureState, wantedModel, wantedPicture } from './wanted.ts';

/** The model and the picture that the worker has open. A wish that was overtaken before its turn is made up for by the next one. */
export interface Holdings {
  readonly model: ModelChoice | undefined;
  readonly picture: PictureChoice | undefined;
  /** The visitor's own, which the state can only call so. */
  setModelFiles(files: readonly File[]): void;
  setOwnPicture(file: Blob, name: string): void;
  /** Whether the worker has what the state wants. */
  hasModel(): boolean;
  hasPicture(): boolean;
  /**
   * Opens the model that the state wants.
   * @throws what the worker refused it with; it goes on with the one from before, and the state follows where `isCurrent`
   */
  openModel(isCurrent: () => boolean): Promise<void>;
  /** Opens the picture that the state wants. @throws as `openModel` */
  openPicture(): Promise<void>;
  /** The picture that was opened last, once: it is shown together with its explanation, so that a map never lies on another picture. */
  takePicture(): ShownPicture | undefined;
}

/** @param remember keeps a state and writes it to the address */
export function createHoldings(client: Client, store: ViewStore, remember: (state: State) => void): Holdings {
  let modelFiles: readonly File[] = [];
  let ownPicture: PictureChoice | undefined;
  let model: ModelChoice | undefined;
  let picture: PictureChoice | undefined;
  let pending: ShownPicture | undefined;
  const modelWish = () => wantedModel(store.view.state, modelFiles);
  const pictureWish = () => wantedPicture(store.view.state, ownPicture);
  return {
    get model() {
      return model;
    },
    get picture() {
      return picture;
    },
    setModelFiles(files) {
      modelFiles = files;
    },
    setOwnPicture(file, name) {
      ownPicture = { kind: 'file', file, name };
    },
    hasModel: () => model !== undefined && isSame(model, modelWish()),
    hasPicture: () => picture !== undefined && isSame(picture, pictureWish()),
    async openModel(isCurrent) {
      const wanted = modelWish();
      store.show({ busy: 'Opening the network…', problem: undefined });
      try {
        const facts = await client.call('openModel', wanted);
        model = wanted;
        store.show({ model: facts, labels: facts.labels });
      } catch (error) {
        if (isCurrent()) {
          if (model?.kind === 'files') modelFiles = model.files;
          remember({ ...store.view.state, ...modelState(model) });
        }
        throw error;
      }
    },
    async openPicture() {
      const wanted = pictureWish();
      store.show({ busy: 'Reading the picture…', problem: undefined });
      const before = picture;
      picture = undefined;
      try {
        pending = await client.call('openPicture', wanted);
        picture = wanted;
      } catch (error) {
        if (before) {
          if (before.kind === 'file') ownPicture = before;
          picture = before;
          remember({ ...store.view.state, picture: pictureState(before) });
        }
        throw error;
      }
    },
    takePicture() {
      const taken = pending;
      pending = undefined;
      return taken;
    },
  };
}
