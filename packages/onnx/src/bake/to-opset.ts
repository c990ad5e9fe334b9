import { UnsupportedError } from '@hybridcam/core';
import type { EmittedConstant, EmittedNode } from '../autodiff/emitter.ts';

/** The oldest default opset that nodes are written for. */
export const OLDEST_OPSET = 11;

/**
 * Nodes emitted for opset 17 as a model of another opset has to write them. One file has one opset for all of its nodes, and
 * raising it could change what the original nodes mean, so the added ones adapt: the sum's axes are an attribute before 13, those of
 * maximum, minimum and mean an input from 18 on.
 * @throws UnsupportedError for an opset below 11, or one without an operator that the gradient needs
 */
export function toOpset(
  nodes: readonly EmittedNode[],
  constants: readonly EmittedConstant[],
  opset: number,
): { nodes: readonly EmittedNode[]; constants: readonly EmittedConstant[] } {
  if (opset < OLDEST_OPSET) throw tooOld(opset, `opset ${OLDEST_OPSET} or newer`);
  const values = new Map(constants.map(({ name, data }) => [name, data]));
  const added = new Map<string, EmittedConstant>();
  const axesInput = (axes: readonly number[]): string => {
    const name = `hybridcam/axes_${axes.join('_')}`;
    added.set(name, { name, dims: [axes.length], data: BigInt64Array.from(axes, BigInt) });
    return name;
  };
  const adapted = nodes.map((node): EmittedNode => {
    const { opType, inputs, attributes } = node;
    const since = SINCE[opType] ?? 0;
    if (opset < since) throw tooOld(opset, `opset ${since} for the operator ${opType}`);
    if (opType === 'ReduceSum' && opset < 13 && inputs.length > 1) {
      const axes = Array.from(values.get(inputs[1]!)!, Number);
      return { ...node, inputs: inputs.slice(0, 1), attributes: { ...attributes, axes } };
    }
    if (AXES_BECOME_INPUT.has(opType) && opset >= 18 && Array.isArray(attributes['axes'])) {
      const { axes, ...rest } = attributes;
      return { ...node, inputs: [inputs[0]!, axesInput(axes as readonly number[])], attributes: rest };
    }
    return node;
  });
  return { nodes: adapted, constants: [...constants, ...added.values()] };
}

const AXES_BECOME_INPUT = new Set(['ReduceMean', 'ReduceMax', 'ReduceMin']);

/** Operators that rules emit and that are newer than the oldest opset. */
const SINCE: Readonly<Record<string, number>> = { Einsum: 12, Trilu: 14 };

export function tooOld(opset: number, needed: string): UnsupportedError {
  return new UnsupportedError(
    `bakeModel: expected ${needed}; received a model of opset ${opset}. Convert it (Python: onnx.version_converter.convert_version(model, 17)), or explain it without baking, which works at any opset.`,
  );
}
