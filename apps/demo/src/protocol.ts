import type { MethodName, ScoreKind, Status } from '@hybridcam/core';
import type { Geometry, Preprocessing, PresetName } from '@hybridcam/image';
import type { Curve } from '@hybridcam/metrics';
import type { ZooName } from '@hybridcam/zoo';
import type { DownloadProgress } from '@hybridcam/zoo/browser';

/** What the page asks of its worker, by name: parameters, answer, and what comes in between. Buffers are transferred. */
export interface Calls {
  openModel: { params: ModelChoice; result: ModelFacts; progress: never };
  openPicture: { params: PictureChoice; result: PictureFacts; progress: never };
  explain: { params: ExplainParams; result: Evidence; progress: never };
  /** One method, however often it needs the network. */
  runMethod: { params: ExplainParams; result: NamedMap; progress: PassCount };
  compare: { params: ExplainParams; result: { elapsedMs: number }; progress: NamedMap };
  curves: { params: CurvesParams; result: CurvesResult; progress: CurvePoints };
  localise: {
    params: { map: Float32Array; classIndex: number };
    result: Localisation | null;
    progress: never;
  };
  /** Fetches a named network and keeps it. */
  download: {
    params: { name: ZooName };
    result: { stored: 'opfs' | 'cache' | 'memory' };
    progress: DownloadProgress;
  };
  keptModels: { params: object; result: readonly KeptModel[]; progress: never };
  removeModel: { params: { name: ZooName }; result: undefined; progress: never };
  save: { params: SaveParams; result: SavedFile; progress: never };
}

export type CallName = keyof Calls;

/** From the page. `cancel` names the call it ends. */
export type Request =
  | { readonly id: number; readonly name: CallName; readonly params: Calls[CallName]['params'] }
  | { readonly id: number; readonly name: 'cancel' };

/** From the worker. */
export type Reply =
  | { readonly id: number; readonly kind: 'result'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'progress'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly code: string; readonly message: string };

/** Library and backend. A model file of one library runs on that one, on the wished backend. */
export type RuntimeWish = 'onnx-wasm' | 'onnx-webgpu' | 'tfjs-wasm' | 'tfjs-webgl' | 'tfjs-webgpu';

export type ModelChoice =
  | { readonly kind: 'scenes'; readonly runtime: RuntimeWish }
  /** Opened only where it is kept: opening asks no network. */
  | { readonly kind: 'zoo'; readonly name: ZooName; readonly runtime: RuntimeWish }
  | {
      readonly kind: 'files';
      readonly runtime: RuntimeWish;
      readonly files: readonly File[];
      /** Undefined: a guess from the file's name and input size, which the answer tells. */
      readonly preset: PresetName | undefined;
    };

/** A named network that the browser has, or a part of it from a download that was cut short. */
export interface KeptModel {
  readonly name: ZooName;
  readonly bytes: number;
}

/** Inputs evaluated; `total` where it is known. */
export interface PassCount {
  readonly done: number;
  readonly total: number | undefined;
}

export interface LayerFacts {
  readonly name: string;
  readonly shape: readonly [channels: number, height: number, width: number] | undefined;
  readonly stride: number | undefined;
  readonly gradient: 'constant' | 'varying' | 'unavailable';
  readonly blockedBy: string | undefined;
}

export interface ModelFacts {
  readonly kind: ModelChoice['kind'];
  readonly name: string;
  readonly sha256: string | undefined;
  readonly runtime: string;
  /** What runs, as a choice. */
  readonly provider: RuntimeWish;
  /** What it could run on. */
  readonly providers: readonly RuntimeWish[];
  readonly threads: number;
  /** Why another runtime than the wished one runs; undefined where the wish was met. */
  readonly fallback: string | undefined;
  readonly classCount: number;
  readonly labels: readonly string[] | undefined;
  /** Why the labels that came with the model are not used. */
  readonly labelProblem: string | undefined;
  readonly layers: readonly LayerFacts[];
  readonly defaultLayer: string;
  /** [gradCamLayer, layerCamLayer], where the model has a layer of twice the resolution. */
  readonly crossLayers: readonly [string, string] | undefined;
  /** Why methods that look at the whole network cannot run here, by method. */
  readonly refused: Readonly<Partial<Record<MethodName, string>>>;
  readonly preprocessing: Preprocessing;
  readonly preset: PresetName | 'scenes';
  readonly presetGuessed: boolean;
  readonly loadMs: number;
}

export type PictureChoice =
  | { readonly kind: 'sample'; readonly name: string }
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'file'; readonly file: Blob; readonly name: string };

export interface PictureFacts {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** At most `displaySide` on its longer side. */
  readonly bitmap: ImageBitmap;
  /** What the network sees, as bytes. */
  readonly seen: { readonly data: Uint8Array; readonly width: number; readonly height: number };
  readonly geometry: Geometry;
  /** True objects of a drawn scene: masks at the picture's own size. */
  readonly truth: readonly TruthMask[];
}

export interface TruthMask {
  readonly name: string;
  readonly classIndex: number | null;
  readonly mask: Uint8Array;
}

export interface ExplainParams {
  readonly layer: string | undefined;
  readonly method: MethodName;
  /** An index, or undefined for the class the network is most sure of. */
  readonly classIndex: number | undefined;
  readonly against: number | undefined;
}

/** A raw map of one layer, before any normalisation. */
export interface RawMap {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

export interface MethodMap extends RawMap {
  readonly status: Status;
  readonly unit: 'score' | 'relative';
}

export interface NamedMap {
  readonly method: MethodName;
  readonly map: MethodMap | undefined;
  /** In place of a map: the parents of the cross-layer hybrid, which the page mixes at its own alpha. */
  readonly cross: CrossEvidence | undefined;
  /** Why there is none. */
  readonly problem: string | undefined;
  readonly elapsedMs: number;
}

/** Everything the page needs to draw the hybrid at any alpha, and every class, without the model. */
export interface Evidence {
  readonly layer: string;
  readonly classIndex: number;
  readonly against: number | undefined;
  readonly targetValue: number;
  readonly scoreKind: ScoreKind;
  readonly scores: Float32Array;
  readonly probabilities: Float32Array;
  readonly gradCam: MethodMap;
  /** LayerCAM: the positive evidence. */
  readonly layerCam: MethodMap;
  /** LayerCAM of the opposite target: the negative evidence. */
  readonly opposing: MethodMap;
  /** The wished method, where it is none of the hybrids. */
  readonly other: NamedMap | undefined;
  readonly cross: CrossEvidence | undefined;
  readonly crossProblem: string | undefined;
  readonly classMaps: ClassMapData | undefined;
  readonly ledger: LedgerData | undefined;
  readonly ledgerProblem: string | undefined;
  /** How often each method that needs many passes would run the network at this layer; undefined where only running tells. */
  readonly costs: Readonly<Partial<Record<MethodName, number>>>;
  /** One pass, as measured on this picture; undefined where the passes were made elsewhere. */
  readonly passMs: number | undefined;
  readonly elapsedMs: number;
}

export interface CrossEvidence {
  readonly layers: readonly [string, string];
  readonly gradCam: MethodMap;
  readonly layerCam: MethodMap;
}

/** [classes, height, width] each. */
export interface ClassMapData {
  readonly positive: Float32Array;
  readonly negative: Float32Array;
  readonly height: number;
  readonly width: number;
}

export interface LedgerData extends RawMap {
  readonly bias: number;
  readonly score: number;
  readonly residual: number;
}

export interface CurvesParams {
  /** Saliency at input size, [height, width]. */
  readonly map: Float32Array;
  readonly classIndex: number;
}

export type CurveSubject = 'map' | 'random' | 'centre';

export interface CurvePoints {
  readonly subject: CurveSubject;
  readonly mode: 'insertion' | 'deletion';
  readonly fractions: readonly number[];
  readonly scores: readonly number[];
}

export interface CurvesResult {
  readonly curves: readonly { readonly subject: CurveSubject; readonly curve: Curve }[];
  readonly elapsedMs: number;
}

export interface Localisation {
  readonly object: string;
  readonly maskShare: number;
  readonly energy: number | undefined;
  readonly lift: number | undefined;
  readonly averagePrecision: number;
  readonly iou: number;
  readonly hit: boolean;
}

export interface Drawing {
  readonly colormap: string;
  readonly opacity: number;
  readonly contour: boolean;
}

export type SaveParams =
  | {
      readonly kind: 'overlay';
      readonly map: Float32Array;
      readonly drawing: Drawing;
      readonly title: string;
    }
  | {
      readonly kind: 'sheet';
      readonly maps: readonly { readonly title: string; readonly map: Float32Array }[];
      readonly drawing: Drawing;
      readonly title: string;
    }
  | { readonly kind: 'npy'; readonly map: Float32Array };

export interface SavedFile {
  readonly bytes: Uint8Array;
  readonly type: string;
}
