import {
  type ExplainRequest,
  type MethodCall,
  methods,
  OptionError,
  planRequest,
  UnsupportedError,
} from '@hybridcam/core';
import { findClass, parseClassChoice } from '../../class-choice.ts';
import type { LoadedModel } from '../../load-model.ts';
import type { ExplainPlan } from './explain-plan.ts';

/** One explanation of every image, and the parts of its file name that several of its kind make necessary. */
export interface PlannedRequest {
  readonly request: ExplainRequest;
  readonly method: MethodCall;
  /** Only when several layers were asked for. */
  readonly layerPart: string | undefined;
  /** Whether the class index belongs into file names. */
  readonly namesClass: boolean;
  /** `--target` as file names hold it, where it was given. */
  readonly targetPart: string | undefined;
}

/**
 * Everything asked for of one image, in the order layers, classes, methods: what shares a forward pass.
 *
 * @throws LayerNotFoundError, ClassNotFoundError, OptionError, UnsupportedError: all that is wrong for this model whatever the image
 */
export function planRequests(plan: ExplainPlan, model: LoadedModel): PlannedRequest[] {
  const choice = parseClassChoice(plan.classText, model.classCount, model.labels);
  const selectors =
    choice.kind === 'index'
      ? [choice.index]
      : Array.from({ length: choice.count }, (_, rank) => `top${rank + 1}`);
  const { target: targetChoice } = plan;
  const place = { where: '--target margin', ranks: false };
  const classOf = (text: string) => findClass(text, model.classCount, model.labels, place);
  const target = targetChoice && ((classIndex: number) => targetChoice.make(classIndex, classOf));
  // What cannot be meant, such as a class rather than itself, shows here and not with the first image; −1: known only by the scores.
  target?.(choice.kind === 'index' ? choice.index : -1);
  const layers = plan.layers.map((name) =>
    name === 'auto' ? model.defaultLayer : model.resolveLayer(name).name,
  );
  const twice = layers.find((layer, index) => layers.indexOf(layer) !== index);
  if (twice !== undefined) {
    throw new OptionError(
      `--layer: expected different layers; ${plan.layers.join(',')} names "${twice}" twice.`,
    );
  }
  if (plan.layers.join() !== 'auto' && plan.methods.every(({ name }) => methods[name].layers === 0)) {
    throw new OptionError(
      `--layer: expected a method that looks at a layer; received ${plan.methods.map(({ name }) => name).join(',')}, where it would do nothing.`,
    );
  }
  const planned: PlannedRequest[] = [];
  for (const method of plan.methods) {
    const count = methods[method.name].layers;
    const targets = targetLayers(plan, layers, count);
    for (const targetLayer of targets) {
      for (const classIndex of selectors) {
        const request: ExplainRequest = {
          method,
          classIndex,
          target,
          targetLayer,
          normalize: plan.normalize,
          preset: plan.preset,
          layerFusion: count === 0 ? undefined : plan.fuse,
          eigenSmoothing: plan.smooth.has('eigen'),
          augmentationSmoothing: plan.smooth.has('augmentation'),
        };
        assertPossible(plan, model, request, method);
        planned.push({
          request,
          method,
          layerPart: typeof targetLayer === 'string' && layers.length > 1 ? targetLayer : undefined,
          namesClass: selectors.length > 1,
          targetPart: targetChoice?.text.replace(/[:=]/g, '-'),
        });
      }
    }
  }
  return planned;
}

/**
 * One pair that cannot be had spoils no maps of the others: it is a mistake of the command line wherever the layer was typed,
 * and a limit of the model where it chose the layer itself or the method looks at none.
 */
function assertPossible(
  plan: ExplainPlan,
  model: LoadedModel,
  request: ExplainRequest,
  method: MethodCall,
): void {
  try {
    planRequest(model, request);
  } catch (error) {
    const typed = plan.layers.join() !== 'auto' && request.targetLayer !== undefined;
    if (!(error instanceof UnsupportedError) || !typed) throw error;
    const where = [request.targetLayer].flat().join(',');
    throw new OptionError(
      `--method, --layer: expected methods that every named layer can serve; received ${method.name} at ${where}. ${error.message}`,
    );
  }
}

/** What each explanation of a method that makes its map of `count` layers looks at. */
function targetLayers(
  { layers: typed, fuse }: ExplainPlan,
  resolved: readonly string[],
  count: 0 | 1 | 2,
): readonly ExplainRequest['targetLayer'][] {
  if (count === 0) return [undefined];
  if (count === 2) return [layerPair(typed, resolved)];
  return fuse === undefined ? resolved : [resolved];
}

/** `auto` alone: the model's own choice, which is two layers. */
function layerPair(
  typed: readonly string[],
  resolved: readonly string[],
): readonly [string, string] | undefined {
  if (typed.length === 1 && typed[0] === 'auto') return undefined;
  if (resolved.length === 2) return [resolved[0]!, resolved[1]!];
  throw new OptionError(
    `--layer: expected two layers for cross-layer-hybrid, that of Grad-CAM and that of LayerCAM, or auto; received ${typed.join(',')}.`,
  );
}
