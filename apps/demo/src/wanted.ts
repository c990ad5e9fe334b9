import type { ModelChoice, PictureChoice } from './protocol.ts';
import { defaultState, isZooName, type State, seedOf } from './state.ts';

/** The model that a state asks the worker for. @param files those of the visitor's own model */
export function wantedModel({ model, runtime, preset }: State, files: readonly File[]): ModelChoice {
  if (model === 'own' && files.length > 0) return { kind: 'files', runtime, files, preset };
  return isZooName(model) ? { kind: 'zoo', name: model, runtime } : { kind: 'scenes', runtime };
}

/** The picture that a state asks the worker for. @param own the visitor's own */
export function wantedPicture({ picture }: State, own: PictureChoice | undefined): PictureChoice {
  const seed = seedOf(picture);
  if (picture === 'own') return own ?? { kind: 'sample', name: defaultState.picture };
  return seed === undefined ? { kind: 'sample', name: picture } : { kind: 'seed', seed };
}

/** The part of the state that asks for this model. */
export function modelState(held: ModelChoice | undefined): Partial<State> {
  if (!held) return {};
  const { kind, runtime } = held;
  if (kind === 'files') return { model: 'own', runtime, preset: held.preset };
  return { model: kind === 'zoo' ? held.name : 'scenes', runtime };
}

/** What a state calls this picture. */
export function pictureState(held: PictureChoice): string {
  if (held.kind === 'file') return 'own';
  return held.kind === 'seed' ? `seed:${held.seed}` : held.name;
}

/** Whether two choices ask for the same. */
export function isSame(a: object, b: object): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => Reflect.get(a, key) === Reflect.get(b, key));
}
