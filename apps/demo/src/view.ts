import type { MethodName } from '@hybridcam/core';
import type { Geometry } from '@hybridcam/image';
import type { ZooName } from '@hybridcam/zoo';
import type { DownloadProgress } from '@hybridcam/zoo/browser';
import type {
  CurvePoints,
  CurvesResult,
  Evidence,
  KeptModel,
  Localisation,
  ModelFacts,
  NamedMap,
  PassCount,
  PictureFacts,
} from './protocol.ts';
import type { State } from './state.ts';

/** What is drawn from; the page's components read it and change nothing. */
export interface View {
  readonly state: State;
  readonly model: ModelFacts | undefined;
  readonly picture: ShownPicture | undefined;
  readonly evidence: Evidence | undefined;
  /** `shipped`: made when the page was built. */
  readonly source: 'shipped' | 'live';
  readonly labels: readonly string[] | undefined;
  /** What is being waited for. */
  readonly busy: string | undefined;
  readonly problem: string | undefined;
  /** Class under the pointer or the focus. */
  readonly hovered: number | undefined;
  readonly compared: ReadonlyMap<MethodName, NamedMap>;
  readonly comparing: boolean;
  /** How far a method is that runs the network many times. */
  readonly slowRun: PassCount | undefined;
  readonly curves: CurvesView;
  readonly localisation: Localisation | null | undefined;
  /** Cell under the pointer, as shares of the model input; drawn in every panel. */
  readonly pointer: { readonly x: number; readonly y: number } | undefined;
  /** Named networks of earlier visits; undefined before anybody looked. */
  readonly kept: readonly KeptModel[] | undefined;
  readonly download: DownloadView | undefined;
}

/** Whether no network runs, and none is being started: what the page shows, if anything, was prepared. */
export function isStranded({ model, busy, problem }: View): boolean {
  return model === undefined && busy === undefined && problem !== undefined;
}

/** What belongs to one explanation and falls with it. */
export const withoutResults = {
  compared: new Map(),
  comparing: false,
  slowRun: undefined,
  curves: { state: 'none', points: [], result: undefined },
  localisation: undefined,
} as const satisfies Partial<View>;

/** What belongs to the explanation that is shown, as it stays when whatever still runs for it is ended. */
export function resultsOf({ compared, curves, localisation }: View): Partial<View> {
  return {
    ...withoutResults,
    compared,
    localisation,
    curves: curves.state === 'running' ? { ...curves, state: 'cancelled' } : curves,
  };
}

export interface DownloadView {
  readonly name: ZooName;
  readonly progress: DownloadProgress | undefined;
}

export interface ShownPicture extends Omit<PictureFacts, 'seen' | 'geometry'> {
  readonly seen: PictureFacts['seen'] | undefined;
  readonly geometry: Geometry;
}

export interface CurvesView {
  readonly state: 'none' | 'running' | 'done' | 'cancelled';
  readonly points: readonly CurvePoints[];
  readonly result: CurvesResult | undefined;
}

/** What components may ask for. */
export interface Actions {
  set(change: Partial<State>): void;
  hover(classIndex: number | undefined): void;
  point(pointer: View['pointer']): void;
  /** Pictures and models that were dropped, pasted or chosen. */
  openFiles(files: readonly File[]): void;
  /** A still of the camera. */
  openPictureFile(file: Blob, name: string): void;
  /** A frame of the live camera; settled when it is explained. */
  showFrame(frame: Blob): Promise<void>;
  /** Opens a named network, after fetching it where it is not kept. */
  useModel(name: ZooName): Promise<void>;
  lookUpKept(): void;
  cancelDownload(): void;
  removeModel(name: ZooName): void;
  compare(): void;
  runCurves(): void;
  /** Runs the chosen method, where it needs the network many times. */
  runSlowMethod(): void;
  cancel(): void;
  /** Starts the page anew, after it could not start its network. */
  retry(): void;
  /** Draws the same view again, with something that has come since. */
  redraw(): void;
  save(kind: SaveKind, say: (text: string) => void): void;
}

export type SaveKind = 'overlay' | 'sheet' | 'npy' | 'record' | 'link' | 'code';

export interface Component {
  update(view: View): void;
}
