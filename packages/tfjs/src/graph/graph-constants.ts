import { readValues } from '../read-values.ts';
import type { Weight } from '../rules/linear-rules.ts';
import { dataInputs, type GraphDef, type ValueRef } from './graph-def.ts';
import type { GraphModelLike } from './graph-model-like.ts';

/** Stands for a constant that is computed inside the graph: no tensor we could read. */
export const unreadable: Weight = () => {
  throw new Error('a constant computed inside the graph');
};

/** The tensor of a constant, seen through identities. */
export function constantOf(
  source: ValueRef,
  definition: GraphDef,
  model: GraphModelLike,
): Weight | undefined {
  const node = definition.nodes.get(source.node)!;
  if (node.op === 'Const') {
    const tensor = model.weights[source.node]?.[0];
    return tensor && (() => tensor);
  }
  const [only] = dataInputs(node);
  return node.op === 'Identity' && only ? constantOf(only, definition, model) : undefined;
}

/** Axes and paddings steer the rules: read once, asynchronously, because WebGPU reads in no other way. */
export async function readIntegers(
  model: GraphModelLike,
  definition: GraphDef,
): Promise<Map<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  const wanted = new Set(
    definition.order.flatMap((name) => dataInputs(definition.nodes.get(name)!).map(({ node }) => node)),
  );
  for (const name of wanted) {
    const tensor = constantOf({ node: name, index: 0 }, definition, model)?.();
    if (tensor?.dtype === 'int32' && tensor.size <= 64)
      found.set(name, Array.from(await readValues('createTfjsModel', tensor)));
  }
  return found;
}
