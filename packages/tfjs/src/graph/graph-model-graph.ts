import * as tf from '@tensorflow/tfjs-core';
import { refuseDefects } from '../known-defects.ts';
import { type Evaluation, type GraphNode, inputLayout, type ModelGraph } from '../model-graph.ts';
import type { WeightCache } from '../weight-cache.ts';
import { constantOf, readIntegers, unreadable } from './graph-constants.ts';
import { dataInputs, type GraphDef, parseValue, readGraphDef, valueName } from './graph-def.ts';
import { chooseOutput, onlyInput } from './graph-ends.ts';
import type { GraphModelLike } from './graph-model-like.ts';
import { type NodeDef, text } from './node-attributes.ts';
import { parameterCount } from './op-attributes.ts';
import { formatDefect, opDefect } from './op-defect.ts';
import { opBehaviour } from './op-rule.ts';
import { createShapeTable, type ShapeTable } from './shape-table.ts';

/** The part of a graph model's artifacts that `GraphModel` keeps to itself. */
export interface GraphArtifacts {
  /** The GraphDef of model.json: `{ node: [...] }`. */
  readonly modelTopology: unknown;
}

/**
 * A GraphModel as a graph of steps, read from the artifacts. The model runs as a whole, by `execute` with all values that
 * are wanted; the gradients of its steps are ours, and for other ops those of the tape over a single fed node.
 */
export async function graphModelGraph(
  model: GraphModelLike,
  artifacts: GraphArtifacts,
  output: string | number | undefined,
  cache: WeightCache,
): Promise<ModelGraph> {
  const chosen = chooseOutput(model, output);
  const definition = readGraphDef(artifacts.modelTopology, parseValue(chosen).node);
  const input = onlyInput(model, definition);
  // Before the first run, which such a graph may not survive.
  refuseDefects(
    definition.order.map((name) => {
      const node = definition.nodes.get(name)!;
      return told(node, formatDefect(node));
    }),
  );
  const layout = hasChannelsFirst(definition) ? 'NCHW' : 'NHWC';
  const run = (feeds: Record<string, tf.Tensor>, fetch: string[]): tf.Tensor[] => {
    const result = model.execute(feeds, fetch);
    return Array.isArray(result) ? result : [result];
  };
  const values = valuesOf(definition, chosen);
  const shapes = createShapeTable(input.name, input.shape, values, run);
  const small = await readIntegers(model, definition);
  const nodes = definition.order.map((name) =>
    graphNode(name, definition, model, values, small, shapes, cache, run),
  );
  return {
    layout,
    input: { value: input.name, ...input, layout: inputLayout(input.shape, layout) },
    output: chosen,
    outputName: chosen,
    isElsewhere: (name) => definition.nodes.has(name),
    nodes,
    shapeOf: shapes.symbolic,
    isFloat: shapes.isFloat,
    evaluate(tensor, fetch) {
      const shapeOf = shapes.at(tensor.shape);
      const names = [...fetch].filter((value) => value !== input.name);
      const found = new Map<string, tf.Tensor>();
      tf.tidy(() => {
        const tensors = names.length > 0 ? run({ [input.name]: tensor }, names) : [];
        names.forEach((name, i) => {
          found.set(name, tf.keep(tensors[i]!));
        });
        if (fetch.has(input.name)) found.set(input.name, tf.keep(tf.clone(tensor)));
      });
      return { values: found, shapeOf } satisfies Evaluation;
    },
  };
}

function graphNode(
  name: string,
  definition: GraphDef,
  model: GraphModelLike,
  values: ReadonlyMap<string, readonly string[]>,
  small: ReadonlyMap<string, readonly number[]>,
  shapes: ShapeTable,
  cache: WeightCache,
  run: (feeds: Record<string, tf.Tensor>, fetch: string[]) => tf.Tensor[],
): GraphNode {
  const node = definition.nodes.get(name)!;
  const references = dataInputs(node);
  const inputs = references.filter((source) => !definition.isConstant(source.node)).map(valueName);
  const outputs = values.get(name) ?? [name];
  const constants = references.map((source) => constantOf(source, definition, model));
  const inputShape = references[0] && shapes.symbolic(valueName(references[0]));
  const defect = opDefect(node, inputShape, constants[1]);
  const behaviour = opBehaviour({
    node,
    constants: references.map((source, i) =>
      // A constant that is computed in the graph has no tensor we could read: it must not pass for data.
      definition.isConstant(source.node) ? (constants[i] ?? unreadable) : undefined,
    ),
    integerConstants: references.map((source) => small.get(source.node)),
    inputShape,
    cache,
  });
  const readable = references.every(
    (source, i) => !definition.isConstant(source.node) || constants[i] || small.has(source.node),
  );
  const rule = readable && outputs.length === 1 && outputs[0] === name ? behaviour.rule : undefined;
  const distinct = [...new Set(inputs)];
  const producersOf = distinct.map((value) => parseValue(value).node);
  const blocker =
    !rule && new Set(producersOf).size < producersOf.length
      ? 'it reads two outputs of one node, which a GraphModel cannot be fed with'
      : undefined;
  return {
    name,
    aliases: outputs[0] === name ? [`${name}:0`] : [],
    op: node.op,
    inputs,
    outputs,
    role: rule || behaviour.role === 'softmax' ? behaviour.role : 'other',
    rule,
    defect: told(node, defect),
    blockedBy: told(node, blocker),
    differentiable: outputs.some((value) => shapes.isFloat(value)),
    probeKey: name,
    parameterCount: parameterCount(constants),
    parameterOwner: name,
    weights: () => [],
    run: (given) => run(Object.fromEntries(inputs.map((value, i) => [value, given[i]!])), [...outputs]),
  };
}

function told(node: NodeDef, what: string | undefined): string | undefined {
  return what && `${node.op} "${node.name}": ${what}`;
}

/** Per node the values that something reads. */
function valuesOf(definition: GraphDef, output: string): Map<string, string[]> {
  const indices = new Map<string, Set<number>>(definition.order.map((name) => [name, new Set()]));
  const read = [
    parseValue(output),
    ...definition.order.flatMap((name) => dataInputs(definition.nodes.get(name)!)),
  ];
  for (const { node, index } of read) indices.get(node)?.add(index);
  return new Map(
    [...indices].map(([node, set]) => [
      node,
      [...set].sort((a, b) => a - b).map((index) => valueName({ node, index })),
    ]),
  );
}

function hasChannelsFirst(definition: GraphDef): boolean {
  return definition.order.some((name) => {
    const node = definition.nodes.get(name)!;
    return node.op.includes('Conv') && text(node, 'data_format') === 'NCHW';
  });
}
