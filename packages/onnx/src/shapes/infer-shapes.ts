import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { OrtRuntime } from '../ort.ts';
import type { DataType } from '../proto/data-type.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { skeletonModel } from './skeleton-model.ts';

/** What is known about a tensor before anything runs. */
export interface InferredValue {
  readonly dataType: DataType;
  /** undefined entries: known only when it runs. */
  readonly dims: readonly (number | undefined)[];
}

export interface InferenceQuestion {
  readonly input: string;
  readonly inputShape: readonly (number | undefined)[];
  readonly scores: string;
}

/**
 * Types and shapes of the tensors between the image and the scores for one input shape, inferred by the runtime itself from the model
 * without its weights: milliseconds, no forward pass. Falls back to what the exporter declared where the runtime refuses.
 */
export async function inferShapes(
  ort: OrtRuntime,
  graph: GraphIndex,
  files: ExternalFiles,
  { input: inputName, scores, inputShape }: InferenceQuestion,
): Promise<ReadonlyMap<string, InferredValue>> {
  const known = new Map<string, InferredValue>();
  for (const { name, dataType, shape } of graph.valueInfos.values()) {
    if (dataType && shape) {
      known.set(name, {
        dataType,
        dims: shape.map((extent) => (typeof extent === 'number' ? extent : undefined)),
      });
    }
  }
  const inputs = graph.inputs.map((input) =>
    input.name === inputName ? { ...input, shape: inputShape } : input,
  );
  const forward = forwardReachable(graph, [inputName]);
  const backward = backwardReachable(graph, [scores]);
  const outputs = graph.nodes.flatMap((node) =>
    node.outputs.filter((name) => name !== '' && forward.has(name) && backward.has(name)),
  );
  try {
    const session = await ort.InferenceSession.create(skeletonModel(graph, inputs, outputs, files), {
      // `basic` folds shapes computed from constants and from the input's own shape; `disabled` would not.
      graphOptimizationLevel: 'basic',
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    for (const value of session.outputMetadata) {
      if (!value.isTensor) continue;
      const dims = value.shape.map((extent) => (typeof extent === 'number' ? extent : undefined));
      known.set(value.name, { dataType: value.type as DataType, dims });
    }
    await session.release();
  } catch {
    // A runtime that cannot take the skeleton (an op that wants constant weights) may still run the model.
  }
  const image = known.get(inputName);
  if (image) known.set(inputName, { dataType: image.dataType, dims: inputShape });
  return known;
}
