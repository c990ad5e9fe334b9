import {
  crossLayers,
  type ExplainRequest,
  type Model,
  methods,
  OptionError,
  planRequest,
} from '@hybridcam/core';
import { parseClassChoice } from 'hybridcam/command-kit';
import type { RunPlan } from '../commands/run-plan.ts';
import { controlRow, type MethodRow, requestRow } from '../evaluation/method-row.ts';
import { assertReference } from '../summary/assert-reference.ts';

/**
 * The rows of a comparison for a model: every method and alpha at every layer, cross-layer methods and those that see no layer once, then
 * controls.
 * @throws whatever the model cannot meet, before any image is read
 */
export function rowsOfPlan(plan: RunPlan, model: Model): MethodRow[] {
  const classIndex = classIndexOfPlan(plan, model) ?? 'top1';
  const layers = plan.layers.map((name) =>
    name === 'auto' ? model.defaultLayer : model.resolveLayer(name).name,
  );
  const common = { classIndex, normalize: plan.normalize } as const;
  const rows = plan.methods.flatMap((method): MethodRow[] => {
    if (typeof method === 'string') return [controlRow(method)];
    const targets: ExplainRequest['targetLayer'][] =
      method.name === 'cross-layer-hybrid'
        ? [layers.length === 2 ? [layers[0]!, layers[1]!] : crossLayers(model)]
        : methods[method.name].layers === 0
          ? [undefined]
          : layers;
    return targets.map((targetLayer) => {
      const request: ExplainRequest = { ...common, method, targetLayer };
      planRequest(model, request);
      return requestRow(method, [targetLayer ?? []].flat().join(' × '), request);
    });
  });
  assertReference(plan.reference, rows);
  return rows;
}

/** The class that `--class` names for every image; undefined for the best of each. @throws OptionError for several */
export function classIndexOfPlan(plan: RunPlan, model: Model): number | undefined {
  const choice = parseClassChoice(plan.classText, model.classCount, model.labels);
  if (choice.kind === 'index') return choice.index;
  if (choice.count === 1) return undefined;
  throw new OptionError(
    `--class: expected one class for every image (top1, an index or a label); received "${plan.classText}".`,
  );
}
