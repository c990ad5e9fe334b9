import {
  type InitializerDescription,
  type NodeDescription,
  type ValueDescription,
  writeModel,
} from '../../src/index.ts';

export interface SmallModel {
  readonly nodes: readonly NodeDescription[];
  readonly initializers?: readonly InitializerDescription[];
  readonly input?: ValueDescription;
  readonly output?: ValueDescription;
  readonly opset?: number;
  readonly ir?: number;
  readonly extraInputs?: readonly ValueDescription[];
  readonly extraOutputs?: readonly ValueDescription[];
  readonly domains?: Readonly<Record<string, number>>;
}

/** A model of a few nodes from `x` to `y`. */
export function smallModel(model: SmallModel): Uint8Array {
  return writeModel({
    opsets: { '': model.opset ?? 17, ...model.domains },
    ir: model.ir ?? 8,
    graph: {
      nodes: model.nodes,
      initializers: model.initializers ?? [],
      inputs: [
        model.input ?? { name: 'x', dataType: 'float32', shape: [1, 4] },
        ...(model.extraInputs ?? []),
      ],
      outputs: [model.output ?? { name: 'y', dataType: 'float32' }, ...(model.extraOutputs ?? [])],
    },
  });
}

export function node(
  opType: string,
  inputs: readonly string[],
  output: string | readonly string[],
  attributes: NonNullable<NodeDescription['attributes']> = {},
): NodeDescription {
  const outputs = typeof output === 'string' ? [output] : output;
  return { opType, inputs, outputs, attributes, name: `/${outputs[0]}/${opType}` };
}

export function floats(
  name: string,
  dims: readonly number[],
  data: readonly number[],
): InitializerDescription {
  return { name, dims, dataType: 'float32', data };
}

export function integers(
  name: string,
  data: readonly number[],
  dims: readonly number[] = [data.length],
): InitializerDescription {
  return { name, dims, dataType: 'int64', data };
}
