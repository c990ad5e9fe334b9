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
  const choice = parseClassChoice(plan.classText, model.classCount, model.labels);
  if (choice.kind !== 'index' && choice.count !== 1) {
    throw new OptionError(
      `--class: expected one class for every image (top1, an index or a label); received "${plan.classText}".`,
    );
  }
  const classIndex = choice.kind === 'index' ? choice.index : 'top1';
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
