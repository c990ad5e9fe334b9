import type { NetworkPart } from '../model.ts';
import type { AblationCamVariant } from './ablation-cam.ts';
import type { FemVariant } from './fem.ts';
import type { FullGradVariant } from './full-grad.ts';
import type { GradCamPlusPlusVariant } from './grad-cam-plus-plus.ts';
import { plainMethods } from './plain-methods.ts';
import type { XGradCamVariant } from './x-grad-cam.ts';

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
  | 'occlusion'
  | 'full-grad'
  | 'attention-rollout'
  | 'le-grad';

export interface MethodEntry {
  /**
   * What the layer must offer besides its activations. `forwards`: nothing, but the model is run many times. A part of the network: the model
   * must offer it, whatever the layer.
   */
  readonly needs: 'activations' | 'gradients' | 'head' | 'forwards' | NetworkPart;
  /** Set where the model runs more than once: `forwardCount` says how often. */
  readonly forwards?: 'many';
  /** `needs: 'head'` only: without a linear head it takes a run of the rest of the network for every channel of the layer. */
  readonly elsewhere?: 'tail';
  /** How many layers one map is made of; 0: the model is seen from outside only, or as a whole. */
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
  /** Whether its map is a sum over channels, which eigen smoothing can join in another way. */
  readonly sums?: true;
  /** Whether `probeModel` makes it, of more than a layer's activations and gradients. */
  readonly probes?: true;
}

/**
 * What `explain` must know of each method before it computes; the formulas come apart from this, when they are asked for. What they are
 * for people (paper, citation) is in `methods`.
 */
export const methodTable: Readonly<Record<MethodName, MethodEntry>> = {
  hybrid: plainMethods.hybrid,
  'cross-layer-hybrid': { needs: 'gradients', layers: 2, unit: 'relative', variants: ['paper'], mixes: true },
  'grad-cam': plainMethods['grad-cam'],
  'layer-cam': plainMethods['layer-cam'],
  'grad-cam-plus-plus': {
    needs: 'gradients',
    layers: 1,
    unit: 'relative',
    variants: [
      'paper',
      'pytorch-grad-cam',
      'torchcam',
      'author',
      'tf-keras-vis',
      'xplique',
    ] satisfies readonly GradCamPlusPlusVariant[],
    sums: true,
  },
  'xgrad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper', 'pytorch-grad-cam', 'torchcam'] satisfies readonly XGradCamVariant[],
    sums: true,
  },
  'hires-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    sums: true,
  },
  'element-wise-grad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
    sums: true,
  },
  'eigen-grad-cam': {
    needs: 'gradients',
    layers: 1,
    unit: 'score',
    variants: ['paper'],
  },
  'eigen-cam': {
    needs: 'activations',
    layers: 1,
    unit: 'relative',
    variants: ['paper'],
  },
  fem: {
    needs: 'activations',
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'pytorch-grad-cam'] satisfies readonly FemVariant[],
  },
  'ablation-cam': {
    needs: 'head',
    elsewhere: 'tail',
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'pytorch-grad-cam'] satisfies readonly AblationCamVariant[],
    sums: true,
  },
  cam: {
    needs: 'head',
    layers: 1,
    unit: 'relative',
    variants: ['paper'],
    sums: true,
  },
  'shapley-cam': { needs: 'head', probes: true, layers: 1, unit: 'score', variants: ['paper'] },
  'smooth-grad-cam-plus-plus': {
    needs: 'gradients',
    forwards: 'many',
    probes: true,
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'torchcam'],
    settings: { draws: 4, noise: 0.3, seed: 0 },
  },
  'score-cam': {
    needs: 'forwards',
    forwards: 'many',
    probes: true,
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'pytorch-grad-cam', 'torchcam'],
    settings: { channels: undefined },
    ofProbability: ['paper'],
  },
  'ss-cam': {
    needs: 'forwards',
    forwards: 'many',
    probes: true,
    layers: 1,
    unit: 'relative',
    variants: ['paper'],
    settings: { draws: 35, noise: 2, seed: 0, channels: undefined },
  },
  'is-cam': {
    needs: 'forwards',
    forwards: 'many',
    probes: true,
    layers: 1,
    unit: 'relative',
    variants: ['paper', 'torchcam'],
    settings: { points: 10, channels: undefined },
  },
  rise: {
    needs: 'forwards',
    forwards: 'many',
    probes: true,
    layers: 0,
    unit: 'score',
    variants: ['paper'],
    settings: { masks: 4000, cells: 7, visible: 0.5, seed: 0 },
    ofProbability: ['paper'],
  },
  occlusion: {
    needs: 'forwards',
    forwards: 'many',
    probes: true,
    layers: 0,
    unit: 'score',
    variants: ['paper'],
    settings: { window: undefined, stride: undefined, baseline: 0 },
  },
  'full-grad': {
    needs: 'shares',
    probes: true,
    layers: 0,
    unit: 'relative',
    variants: ['paper', 'pytorch-grad-cam'] satisfies readonly FullGradVariant[],
  },
  'attention-rollout': { needs: 'attention', probes: true, layers: 0, unit: 'relative', variants: ['paper'] },
  'le-grad': { needs: 'blocks', probes: true, layers: 0, unit: 'score', variants: ['paper'] },
};

export const methodNames: readonly MethodName[] = Object.keys(methodTable) as MethodName[];
