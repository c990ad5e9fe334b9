import { type ExplainRequest, explainMany, type Model, view } from '@hybridcam/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createTfjsModel } from '../../src/index.ts';
import { agreeAtKinks, type KinkReport, type Theirs } from './agree-at-kinks.ts';
import { agreeAtThresholds } from './agree-at-thresholds.ts';

/** Maps as plain numbers, so that they can leave a page. */
export interface Maps {
  readonly classIndex: number;
  readonly cams: readonly (readonly number[])[];
  /** What was taken over at kinks and thresholds, where the other runtime's activations were given. */
  readonly kinks: readonly KinkReport[];
}

/** The maps of one preprocessed image [1, 3, height, width]; runs in Node and in a page. */
export async function explainMaps(
  source: LayersModel,
  input: readonly number[],
  requests: readonly ExplainRequest[],
  theirs?: Theirs,
): Promise<Maps> {
  const agreeing = theirs && agreeAtKinks(source, theirs);
  const thresholds: KinkReport[] = [];
  const model: Model = agreeing
    ? agreeAtThresholds(agreeing.model, theirs, thresholds)
    : await createTfjsModel(source);
  try {
    const [, height, width] = source.inputs[0]!.shape as [null, number, number];
    const explanations = await explainMany(model, view(Float32Array.from(input), [1, 3, height, width]), [
      ...requests,
    ]);
    return {
      classIndex: explanations[0]!.classIndex!,
      cams: explanations.map(({ cam }) => Array.from(cam.data)),
      kinks: [...((await agreeing?.reports()) ?? []), ...thresholds],
    };
  } finally {
    await model.dispose();
  }
}
