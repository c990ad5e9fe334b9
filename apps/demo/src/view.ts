import type { MethodName } from '@hybridcam/core';
import type { Geometry } from '@hybridcam/image';
import type {
  CurvePoints,
  CurvesResult,
  Evidence,
  Localisation,
  ModelFacts,
  NamedMap,
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
  readonly curves: CurvesView;
  readonly localisation: Localisation | null | undefined;
  /** Cell under the pointer, as shares of the model input; drawn in every panel. */
  readonly pointer: { readonly x: number; readonly y: number } | undefined;
  readonly showTruth: boolean;
}

export interface ShownPicture extends Omit<PictureFacts, 'bitmap' | 'seen' | 'geometry'> {
  readonly bitmap: ImageBitmap | HTMLImageElement;
  readonly seen: PictureFacts['seen'] | undefined;
  readonly geometry: Geometry;
}

export interface CurvesView {
  readonly running: boolean;
  readonly points: readonly CurvePoints[];
  readonly result: CurvesResult | undefined;
}

/** What components may ask for. */
export interface Actions {
  set(change: Partial<State>): void;
  hover(classIndex: number | undefined): void;
  point(pointer: View['pointer']): void;
  openModelFiles(files: readonly File[]): void;
  useScenes(): void;
  openPictureFile(file: Blob, name: string): void;
  /** A frame of the live camera; settled when it is explained. */
  showFrame(frame: Blob): Promise<void>;
  toggleTruth(): void;
  compare(): void;
  runCurves(): void;
  cancel(): void;
  save(kind: SaveKind, say: (text: string) => void): void;
}

export type SaveKind = 'overlay' | 'sheet' | 'npy' | 'record' | 'link' | 'code';

export interface Component {
  update(view: View): void;
}
