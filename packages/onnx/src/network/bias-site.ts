import type { GradientFlow } from '../autodiff/path.ts';
import { constantFloats } from '../head/constant-floats.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import type { Floats } from './broadcast.ts';

/** A tensor into which a step of the network adds something of its own. */
export interface BiasSite {
  readonly tensor: string;
  readonly of: 'layer' | 'nonlinearity';
  /** Tensors of the forward run that `bias` reads. */
  readonly reads: readonly string[];
  /** What is added, in the shape `dims` of the tensor. */
  bias(values: ReadonlyMap<string, Floats>, dims: readonly number[]): ArrayLike<number>;
}

/** A node, and what decides what it adds. */
export interface Step {
  readonly node: OnnxNode;
  /** What it gives out. */
  readonly tensor: string;
  /** Tensors that depend on the input through gradients. */
  readonly active: ReadonlySet<string>;
  readonly flow: GradientFlow;
  readonly files: ExternalFiles;
}

/** An operand that does not depend on the input by a gradient: stored in the file, or computed when the model runs. */
export interface Operand {
  /** The stored values; undefined where the model computes them. */
  readonly stored: Floats | undefined;
  readonly reads: readonly string[];
  read(values: ReadonlyMap<string, Floats>): Floats;
}

export function operandOf({ flow: { graph }, files }: Step, name: string): Operand {
  const stored = constantFloats(graph, name, files);
  if (stored) return { stored, reads: [], read: () => stored };
  return { stored, reads: [name], read: (values) => values.get(name)! };
}
