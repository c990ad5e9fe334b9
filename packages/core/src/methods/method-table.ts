import type { NdArray } from 'ndarray';
import type { ChannelTerms } from '../kernels/channel-terms.ts';
import type { ArrayView } from '../view.ts';
import {
  type AblationCamVariant,
  ablationCam,
  ablationCamTerms,
  ablationCamVariants,
} from './ablation-cam.ts';
import { cam, camTerms } from './cam.ts';
import { eigenCam } from './eigen-cam.ts';
import { eigenGradCam } from './eigen-grad-cam.ts';
import { elementWiseGradCam, elementWiseGradCamTerms } from './element-wise-grad-cam.ts';
import { type FemVariant, fem, femVariants } from './fem.ts';
import { gradCam, gradCamTerms } from './grad-cam.ts';
import {
  type GradCamPlusPlusVariant,
  gradCamPlusPlus,
  gradCamPlusPlusTerms,
  gradCamPlusPlusVariants,
} from './grad-cam-plus-plus.ts';
import { hiResCam, hiResCamTerms } from './hi-res-cam.ts';
import { layerCam, layerCamTerms } from './layer-cam.ts';
import { type XGradCamVariant, xGradCam, xGradCamTerms, xGradCamVariants } from './x-grad-cam.ts';

export type MethodName =
  | 'hybrid'
  | 'cross-layer-hybrid'
  | 'grad-cam'
  | 'layer-cam'
  | 'grad-cam-plus-plus'
  | 'xgrad-cam'
  | 'hires-cam'
  | 'element-wise-grad-cam'
  | 'eigen-grad-cam'
  | 'eigen-cam'
  | 'fem'
  | 'ablation-cam'
  | 'cam'
  | 'shapley-cam'
  | 'smooth-grad-cam-plus-plus'
  | 'score-cam'
  | 'ss-cam'
  | 'is-cam'
  | 'rise'
  | 'occlusion';

export interface MethodEntry {
  /**
   * What the layer must offer besides its activations. `forwards`: nothing, but the model is run many times.
   */
  readonly needs: 'activations' | 'gradients' | 'head' | 'forwards';
  /** Set where the model runs more than once: `forwardCount` says how often. */
  readonly forwards?: 'many';
  /** `needs: 'head'` only: without a linear head it takes a run of the rest of the network for every channel of the layer. */
  readonly elsewhere?: 'tail';
  /** How many layers one map is made of; 0: the model is seen from outside only. */
  readonly layers: 0 | 1 | 2;
  /** Of the raw map: the target's own unit, or none. */
  readonly unit: 'score' | 'relative';
  /** Whose numbers can be had; the first is the default. */
  readonly variants: readonly string[];
  /** Numbers of the method's own with their defaults; undefined: decided by the layer or the input. */
  readonly settings?: Readonly<Record<string, number | undefined>>;
  /** Variants whose default target is the probability of the class instead of its logit. */
  readonly ofProbability?: readonly string[];
  /** Whether alpha mixes it from Grad-CAM and LayerCAM. */
  readonly mixes?: true;
  /**
   * The raw map [height, width] of one layer from its activations and its gradients (`needs: 'gradients'`) or channel weights
   * (`needs: 'head'`; nothing for `needs: 'activations'`) and the target's value. Undefined for the hybrids, which are fused, and for
   * methods that see more than that: `probeModel` makes those.
   */
  readonly compute?: (
    activations: ArrayView,
    weights: ArrayView,
    variant: string,
    score: number,
  ) => NdArray<Float32Array>;
  /** What each channel adds to that map, for eigen smoothing. Undefined where the map is no sum over channels. */
  readonly terms?: (
    activations: ArrayView,
    weights: ArrayView,
    variant: string,
    score: number,
  ) => ChannelTerms;
}

/** How `explain` computes each method. What they are for people (paper, citation) is in `methods`. */
export const methodTable: Readonly<Record<MethodName, MethodEntry>> = {
  hybrid: { needs: 'gradients', layers: 1, unit: 'relative', variants: ['paper'], mixes: true },
  'cross-layer-hybrid': { needs: 'gradients', layers: 2, unit: 'relative', variants: ['paper'], mixes: true },
  'grad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    compute: gradCam,
    terms: gradCamTerms,
  },
  'layer-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    compute: layerCam,
    terms: layerCamTerms,
  },
  'grad-cam-plus-plus': {
    needs: 'gradients',
    layers: 1,
    unit: 'relative',
    variants: gradCamPlusPlusVariants,
    compute: (activations, gradients, variant) =>
      gradCamPlusPlus(activations, gradients, { variant: variant as GradCamPlusPlusVariant }),
    terms: (activations, gradients, variant) =>
      gradCamPlusPlusTerms(activations, gradients, variant as GradCamPlusPlusVariant),
  },
  'xgrad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: xGradCamVariants,
    compute: (activations, gradients, variant) =>
      xGradCam(activations, gradients, { variant: variant as XGradCamVariant }),
    terms: (activations, gradients, variant) =>
      xGradCamTerms(activations, gradients, variant as XGradCamVariant),
  },
  'hires-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    compute: hiResCam,
    terms: hiResCamTerms,
  },
  'element-wise-grad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    compute: elementWiseGradCam,
    terms: elementWiseGradCamTerms,
  },
  'eigen-grad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    compute: eigenGradCam,
  },
  'eigen-cam': {
    needs: 'activations',
    layers: 1,
    unit: 'relative',
    variants: ['paper'],
    compute: (activations) => eigenCam(activations),
  },
  fem: {
    needs: 'activations',
    layers: 1,
    unit: 'relative',
    variants: femVariants,
    compute: (activations, _, variant) => fem(activations, { variant: variant as FemVariant }),
  },
  'ablation-cam': {
    needs: 'head',
    elsewhere: 'tail',
    layers: 1,
    unit: 'relative',
    variants: ablationCamVariants,
    compute: (activations, weights, variant, score) =>
      ablationCam(activations, weights, score, { variant: variant as AblationCamVariant }),
    terms: (activations, weights, variant, score) =>
      ablationCamTerms(activations, weights, score, variant as AblationCamVariant),
  },
  cam: {
    needs: 'head',
    layers: 1,
    unit: 'relative',
    variants: ['paper'],
    compute: (activations, weights) => cam(activations, weights),
    terms: (activations, weights) => camTerms(activations, weights),
  },
  'shapley-cam': { needs: 'head', layers: 1, unit: 'score', variants: ['paper'] },
  'smooth-grad-cam-plus-plus': {
    needs: 'gradients',
    forwards: 'many',
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'torchcam'],
    settings: { draws: 4, noise: 0.3, seed: 0 },
  },
  'score-cam': {
    needs: 'forwards',
    forwards: 'many',
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'pytorch-grad-cam', 'torchcam'],
    settings: { channels: undefined },
    ofProbability: ['paper'],
  },
  'ss-cam': {
    needs: 'forwards',
    forwards: 'many',
    layers: 1,
    unit: 'relative',
    variants: ['paper'],
    settings: { draws: 35, noise: 2, seed: 0, channels: undefined },
  },
  'is-cam': {
    needs: 'forwards',
    forwards: 'many',
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'torchcam'],
    settings: { points: 10, channels: undefined },
  },
  rise: {
    needs: 'forwards',
    forwards: 'many',
    layers: 0,
    unit: 'score',
    variants: ['paper'],
    settings: { masks: 4000, cells: 7, visible: 0.5, seed: 0 },
    ofProbability: ['paper'],
  },
  occlusion: {
    needs: 'forwards',
    forwards: 'many',
    layers: 0,
    unit: 'score',
    variants: ['paper'],
    settings: { window: undefined, stride: undefined, baseline: 0 },
  },
};

export const methodNames: readonly MethodName[] = Object.keys(methodTable) as MethodName[];
