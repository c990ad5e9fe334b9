/** Attribute of an emitted node. A bare number is an int; floats are marked, because ONNX keeps the two apart. */
export type EmittedAttribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] };

export interface EmittedNode {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, EmittedAttribute>>;
}

export interface EmittedConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A tensor of the backward model by name, or a number that becomes a float32 scalar. */
export type Operand = string | number;

/**
 * Collects the nodes of a backward graph. Equal calls return the same tensor, so rules need not share masks or flipped
 * weights by hand.
 */
export interface Emitter {
  readonly nodes: readonly EmittedNode[];
  readonly constants: readonly EmittedConstant[];
  /** Gives a tensor a name that others can rely on. */
  alias(tensor: string, name: string): void;
  op(
    opType: string,
    inputs: readonly Operand[],
    attributes?: Readonly<Record<string, EmittedAttribute>>,
  ): string;
  /** As `op`, for a node of several outputs. */
  ops(
    opType: string,
    inputs: readonly Operand[],
    outputs: number,
    attributes?: Readonly<Record<string, EmittedAttribute>>,
  ): readonly string[];
  floats(data: ArrayLike<number>, dims: readonly number[]): string;
  integers(data: readonly number[], dims?: readonly number[]): string;
}

/** Opset that the emitted nodes are written in; the forward model's own opset only matters to the rules that read it. */
export const BACKWARD_OPSET = 17;

/** @param prefix starts every new name; it must start no name of the forward model */
export function createEmitter(prefix: string): Emitter {
  const nodes: EmittedNode[] = [];
  const constants: EmittedConstant[] = [];
  const known = new Map<string, readonly string[]>();
  let count = 0;
  const fresh = (what: string): string => `${prefix}${what}_${count++}`;

  const constant = (data: Float32Array | BigInt64Array, dims: readonly number[]): string => {
    const key = data.length <= 64 ? `${data.constructor.name} ${dims} ${data.join()}` : undefined;
    const earlier = key && known.get(key);
    if (earlier) return earlier[0]!;
    const name = fresh('constant');
    constants.push({ name, dims, data });
    if (key) known.set(key, [name]);
    return name;
  };
  const floats: Emitter['floats'] = (data, dims) => constant(Float32Array.from(data), dims);
  const name = (operand: Operand): string => (typeof operand === 'string' ? operand : floats([operand], []));

  const ops: Emitter['ops'] = (opType, operands, outputs, attributes = {}) => {
    const inputs = operands.map(name);
    const key = `${opType}\n${inputs.join('\n')}\n${JSON.stringify(attributes)}\n${outputs}`;
    const earlier = known.get(key);
    if (earlier) return earlier;
    const names = Array.from({ length: outputs }, () => fresh(opType));
    nodes.push({ opType, inputs, outputs: names, attributes });
    known.set(key, names);
    return names;
  };
  return {
    nodes,
    constants,
    alias: (tensor, alias) => {
      nodes.push({ opType: 'Identity', inputs: [tensor], outputs: [alias], attributes: {} });
    },
    ops,
    op: (opType, inputs, attributes) => ops(opType, inputs, 1, attributes)[0]!,
    floats,
    integers: (data, dims = [data.length]) => constant(BigInt64Array.from(data, BigInt), dims),
  };
}
