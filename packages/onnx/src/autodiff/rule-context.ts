import { UnsupportedError } from '@hybridcam/core';
import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { reshape } from './emit-math.ts';
import type { Emitter } from './emitter.ts';
import type { Measurements } from './measurements.ts';
import { describeNode } from './path.ts';
import type { TensorReader } from './read-tensors.ts';
import type { RuleContext, RuleOptions } from './rule.ts';

/** Everything that the rules of one backward model share. */
export interface RuleScope {
  readonly graph: GraphIndex;
  readonly files: ExternalFiles;
  readonly measured: Measurements;
  /** A second measurement at another batch size, where the plan shall serve any. */
  readonly otherBatch: Measurements | undefined;
  readonly active: ReadonlySet<string>;
  readonly emit: Emitter;
  readonly reader: TensorReader;
  readonly options: RuleOptions;
  /** Called when a node makes the plan good for one batch size only. */
  readonly fixBatch: () => void;
}

export function ruleContext(
  scope: RuleScope,
  node: OnnxNode,
  cotangents: readonly (string | undefined)[],
): RuleContext {
  const { graph, emit, reader } = scope;
  const refuse = (reason: string): never => {
    // Rules run from the scores back: what is behind this node has been differentiated already.
    const behind = node.outputs.find((name) => name !== '');
    const works = behind === undefined ? '' : `layers from "${behind}" on work, and `;
    throw new UnsupportedError(
      `differentiate: ${describeNode(node)} cannot be differentiated: ${reason}; ${works}gradient-free methods at every layer.`,
    );
  };
  const shape = (tensor: string): readonly number[] => {
    const measured = scope.measured.shapes.get(tensor) ?? constantOf(graph, tensor)?.dims;
    return measured ?? refuse(`the shape of "${tensor}" is unknown`);
  };
  const batchAxis = (tensor: string): number | undefined => batchAxisOf(scope, tensor);
  return {
    opType: node.opType,
    opset: graph.opset,
    inputs: node.inputs,
    outputs: node.outputs,
    active: node.inputs.map((name) => scope.active.has(name)),
    dY: cotangents[0]!,
    cotangents,
    emit,
    options: scope.options,
    int: (name, fallback) => intAttribute(node, name, fallback),
    float: (name, fallback) => floatAttribute(node, name, fallback),
    string: (name, fallback) => stringAttribute(node, name, fallback),
    ints: (name) => intsAttribute(node, name),
    attribute: (name) => node.attributes.get(name),
    has: (input) => (node.inputs[input] ?? '') !== '',
    shape,
    dataType: (tensor) =>
      constantOf(graph, tensor)?.dataType ??
      scope.measured.values.get(tensor)?.dataType ??
      scope.measured.dataTypes.get(tensor) ??
      graph.valueInfos.get(tensor)?.dataType,
    batchAxis,
    values: (input) => {
      const name = node.inputs[input] ?? '';
      if (name === '') return undefined;
      const constant = constantOf(graph, name, scope.files);
      if (constant) return constant.numbers();
      const measured = scope.measured.values.get(name);
      if (measured) return Array.from(measured.data);
      return refuse(`the value of its input ${input} ("${name}") is unknown`);
    },
    constant: (input) => {
      const name = node.inputs[input] ?? '';
      const known = constantOf(graph, name, scope.files)?.numbers() ?? scope.measured.values.get(name)?.data;
      return known && Array.from(known);
    },
    read: reader.read,
    readBoolean: reader.readBoolean,
    positive: reader.positive,
    between: reader.between,
    x: (input = 0) => reader.read(node.inputs[input]!),
    y: () => reader.read(node.outputs[0]!),
    reshapeLike: (value, tensor) => {
      const growing = batchAxis(tensor);
      return reshape(
        emit,
        value,
        shape(tensor).map((extent, axis) => (axis === growing ? -1 : extent)),
      );
    },
    fixBatch: scope.fixBatch,
    refuse,
  };
}

/**
 * The one axis whose extent is a multiple of the batch. undefined: there is none, more than one axis changes, one changes in
 * another way, or the plan serves one batch size.
 */
export function batchAxisOf(
  scope: Pick<RuleScope, 'measured' | 'otherBatch'>,
  tensor: string,
): number | undefined {
  const { measured, otherBatch } = scope;
  const here = measured.shapes.get(tensor);
  const there = otherBatch?.shapes.get(tensor);
  if (!otherBatch || !here || !there || here.length !== there.length) return undefined;
  const [axis, ...more] = here.flatMap((extent, i) => (extent === there[i] ? [] : [i]));
  if (axis === undefined || more.length > 0) return undefined;
  return here[axis]! * otherBatch.batch === there[axis]! * measured.batch ? axis : undefined;
}
