import type { NdArray } from 'ndarray';
import type { Status } from '../kernels/cells-status.ts';
import type { Normalization } from '../kernels/normalized.ts';
import type { EvidenceLedger } from '../map/evidence-ledger.ts';
import type { LayerFusion } from '../map/fuse-layers.ts';
import type { MethodName } from '../methods/method-table.ts';
import type { ModelIdentity } from '../model.ts';
import type { PresetName } from '../presets.ts';
import type { ScoreKind, Target } from '../target/target.ts';

/** What `explain` found for one target of one image. */
export interface Explanation {
  /**
   * The map at layer size [height, width] after `normalize`; of several layers, at the size of the finest; of no layer, at input size.
   */
  readonly cam: NdArray<Float32Array>;
  /** The map at model-input size [height, width], normalised like `cam`. Computed when first read. */
  readonly saliencyMap: NdArray<Float32Array>;
  readonly scores: Scores;
  /** The class the target speaks of; undefined for a target without one, and where scores are not of classes. */
  readonly classIndex: number | undefined;
  readonly target: Target;
  /** Whether the map says anything; `statusSentences[status]` is the reason as a sentence. */
  readonly status: Status;
  /** Of the map before `normalize`. */
  readonly range: MapRange;
  /**
   * The target split exactly over the cells of the layer.
   * @throws UnsupportedError where no exact account exists: another head, a non-linear target, two layers
   */
  ledger(): Promise<EvidenceLedger>;
  /** Every choice made, as plain JSON. */
  readonly record: ExplanationRecord;
}

export interface Scores {
  /** [classes]; undefined where the model gives only probabilities. */
  readonly logits: NdArray<Float32Array> | undefined;
  /** [classes]: the softmax of the logits (the sigmoid of a single one), or what the model gives; [0] where scores are not of classes. */
  readonly probabilities: NdArray<Float32Array>;
}

export interface MapRange {
  readonly min: number;
  readonly max: number;
  /** `score`: the target's own unit (logits for a logit). `relative`: no unit. */
  readonly unit: 'score' | 'relative';
}

export interface ExplanationRecord {
  readonly versions: { readonly '@hybridcam/core': string };
  readonly model: Omit<ModelIdentity, 'sha256'> & { readonly sha256: string | null };
  /** [1, channels, height, width]. */
  readonly inputShape: readonly number[];
  /**
   * One name; for the cross-layer hybrid that of Grad-CAM and that of LayerCAM; several with `layerFusion`; none for methods that see
   * the model from outside only, or as a whole.
   */
  readonly targetLayers: readonly string[];
  readonly layerFusion: LayerFusion | null;
  /** Only those that were asked for. */
  readonly smoothing: readonly ('eigen' | 'augmentation')[];
  readonly class: {
    readonly index: number;
    readonly label: string | null;
    readonly score: number;
    readonly probability: number;
  } | null;
  readonly target: { readonly description: string; readonly value: number; readonly scoreKind: ScoreKind };
  readonly method: {
    readonly name: MethodName;
    readonly variant: string;
    readonly alpha: number | null;
    /** Numbers of the method's own; null: decided by the layer or the input. Absent for methods that have none. */
    readonly settings?: Readonly<Record<string, number | null>>;
  };
  readonly preset: PresetName | null;
  readonly normalize: { readonly kind: Normalization; readonly epsilon: number };
  readonly resize: {
    readonly kind: 'bilinear';
    readonly centres: 'half-pixel';
    /** Where two maps become one for the saliency map; null where there is one. */
    readonly fuseAt: 'layer' | 'input' | null;
    readonly renormalizedAfter: boolean;
  };
  readonly status: Status;
  readonly range: MapRange;
}
