import { OptionError, UnsupportedError } from '@hybridcam/core';
import { isFloatType } from '../proto/data-type.ts';
import { intAttribute } from './attributes.ts';
import type { GraphIndex } from './graph-index.ts';

/** Where the class scores are. */
export interface Scores {
  /** The model's output that the caller knows. */
  readonly output: string;
  /** The tensor to start a gradient from: before a final softmax or sigmoid, else the output itself. */
  readonly tensor: string;
  /** The operation that was stripped, if any. */
  readonly activation: 'Softmax' | 'LogSoftmax' | 'Sigmoid' | undefined;
}

/**
 * Walks back from a float output over operations that only rename, recast or reshape it; the input of the earliest softmax,
 * log-softmax or sigmoid found there are the logits. Gradients of a softmaxed score vanish as the network gets sure.
 * @throws OptionError when several outputs could be meant, or the named one is none
 * @throws UnsupportedError when no output is float
 */
export function findScores(graph: GraphIndex, outputName?: string): Scores {
  const names = graph.outputs.map(({ name }) => name);
  if (outputName !== undefined && !names.includes(outputName)) {
    throw new OptionError(
      `createOnnxModel: expected "output" to be one of ${quoted(names)}; received "${outputName}".`,
    );
  }
  const asked = graph.outputs.filter(({ name }) => outputName === undefined || name === outputName);
  const floats = asked.filter(({ dataType }) => dataType === undefined || isFloatType(dataType));
  if (floats.length === 0) {
    const types = asked.map(({ name, dataType }) => `"${name}" (${dataType ?? 'no tensor'})`).join(', ');
    throw new UnsupportedError(
      `createOnnxModel: expected a float output with class scores; received ${types}. Export the scores themselves, not the predicted class.`,
    );
  }
  const found = floats.map(({ name }) => stripActivation(graph, name));
  const distinct = new Map(found.map((scores) => [scores.tensor, scores]));
  if (distinct.size > 1) {
    const flat = found.filter(({ output }) => {
      const rank = graph.valueInfos.get(output)?.shape?.length;
      return rank === 2;
    });
    if (new Set(flat.map(({ tensor }) => tensor)).size === 1) return flat[0]!;
    throw new OptionError(
      `createOnnxModel: expected one output with class scores; received ${quoted(names)}. Name it with the option "output".`,
    );
  }
  return found[0]!;
}

function stripActivation(graph: GraphIndex, output: string): Scores {
  let scores: Scores = { output, tensor: output, activation: undefined };
  let name = output;
  for (;;) {
    const node = graph.producer.get(name);
    if (node?.domain !== '' || node.inputs[0] === undefined) return scores;
    const isActivation =
      (node.opType === 'Softmax' || node.opType === 'LogSoftmax') && overClasses(graph, node)
        ? true
        : node.opType === 'Sigmoid';
    if (!isActivation && !TRANSPARENT.has(node.opType)) return scores;
    name = node.inputs[0];
    if (isActivation) scores = { output, tensor: name, activation: node.opType as Scores['activation'] };
  }
}

/** A softmax over the batch axis would not be one over classes. */
function overClasses(graph: GraphIndex, node: Parameters<typeof intAttribute>[0]): boolean {
  return intAttribute(node, 'axis', graph.opset < 13 ? 1 : -1) !== 0;
}

const TRANSPARENT = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Dropout']);

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
