import type { MethodName } from '@hybridcam/core';
import { type PresetName, presets } from '@hybridcam/image';
import { exampleScenes } from '@hybridcam/scenes';
import { colormapNames } from '@hybridcam/viz';
import type { ZooName } from '@hybridcam/zoo';
import { methodNames } from './facts/method-facts.ts';
import { zooNames } from './facts/zoo-facts.ts';
import type { RuntimeWish } from './protocol.ts';

/** Everything that decides what the page shows, but for the bytes of pictures and models: those never leave it. */
export interface State {
  /** A bundled sample by name, `seed:NUMBER`, or `own` for a picture that only this page has. */
  readonly picture: string;
  /** `own`: files that only this page has; else the sample network or a named one. */
  readonly model: 'scenes' | 'own' | ZooName;
  readonly preset: PresetName | undefined;
  readonly runtime: RuntimeWish;
  /** Undefined: the model's default layer. */
  readonly layer: string | undefined;
  readonly method: MethodName;
  readonly alpha: number;
  /** Undefined: the class the network is most sure of. */
  readonly classIndex: number | undefined;
  readonly against: number | undefined;
  readonly opacity: number;
  readonly colormap: string;
  readonly contour: boolean;
  /** Smoothly enlarged, or the layer's own cells. */
  readonly smooth: boolean;
  /** Whether the true object of a drawn scene is outlined. */
  readonly truth: boolean;
}

export const defaultState: State = {
  picture: exampleScenes[0]!.name,
  model: 'scenes',
  preset: undefined,
  runtime: 'onnx-wasm',
  layer: undefined,
  method: 'hybrid',
  alpha: 0.7,
  classIndex: undefined,
  against: undefined,
  opacity: 0.55,
  colormap: 'viridis',
  contour: false,
  smooth: true,
  truth: false,
};

export function isZooName(text: string): text is ZooName {
  return zooNames.some((name) => name === text);
}

/** What another network starts with. */
export const freshExplanation = { layer: undefined, classIndex: undefined, against: undefined } as const;

export const runtimes: readonly RuntimeWish[] = [
  'onnx-wasm',
  'onnx-webgpu',
  'tfjs-wasm',
  'tfjs-webgl',
  'tfjs-webgpu',
];

type Field = keyof State;

/** What a link may say of each field; anything else is dropped, so that a link can never break the page. */
const readers: { readonly [Name in Field]: (text: string) => State[Name] | undefined } = {
  picture: (text) =>
    text === 'own' || exampleScenes.some(({ name }) => name === text) || seedOf(text) !== undefined
      ? text
      : undefined,
  model: (text) => (text === 'scenes' || text === 'own' || isZooName(text) ? text : undefined),
  preset: (text) => (Object.hasOwn(presets, text) ? (text as PresetName) : undefined),
  runtime: (text) => runtimes.find((name) => name === text),
  layer: (text) => (text.length > 0 && text.length <= 300 ? text : undefined),
  method: (text) => methodNames.find((name) => name === text),
  alpha: unit,
  classIndex: index,
  against: index,
  opacity: unit,
  colormap: (text) => (colormapNames.includes(text) ? text : undefined),
  contour: flag,
  smooth: flag,
  truth: flag,
};

/** The part of an address after `#`: what differs from the default, in a fixed order. */
export function toHash(state: State): string {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(readers) as Field[]) {
    const value = state[name];
    if (value !== undefined && value !== defaultState[name]) parameters.set(name, String(value));
  }
  return parameters.toString();
}

/** The state that a link asks for. Fields that are absent, unknown or out of range take their default. */
export function fromHash(hash: string): State {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const state: Record<string, unknown> = { ...defaultState };
  for (const name of Object.keys(readers) as Field[]) {
    const text = parameters.get(name);
    const value = text === null ? undefined : readers[name](text);
    if (value !== undefined) state[name] = value;
  }
  return state as unknown as State;
}

/** What of a link means nothing here, in words; undefined where all of it was understood. */
export function unreadNote(hash: string): string | undefined {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const unread = (Object.keys(readers) as Field[]).filter((name) => {
    const text = parameters.get(name);
    return text !== null && readers[name](text) === undefined;
  });
  if (unread.length === 0) return undefined;
  return `What this link says of ${unread.join(', ')} means nothing here; the usual setting stands in its place.`;
}

/** The seed of a picture `seed:NUMBER`. */
export function seedOf(picture: string): number | undefined {
  const digits = /^seed:(\d{1,10})$/.exec(picture)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function unit(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && value >= 0 && value <= 1 ? value : undefined;
}

function index(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function flag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
