import * as tf from '@tensorflow/tfjs-core';
import type { SymbolicShape } from '../model-graph.ts';
import { runtimeError } from '../runtime-error.ts';

/** Sizes tried where the model takes any; a value that changes between them has no size of its own. */
const PROBE_SIZES = [224, 256] as const;

export interface ShapeTable {
  /** Whether the value holds floating-point numbers. */
  isFloat(value: string): boolean;
  /** Of a value at the model's own size; undefined extents vary. */
  symbolic(value: string): SymbolicShape | undefined;
  /** Of every value for an input of that size. */
  at(inputShape: readonly number[]): (value: string) => readonly number[];
}

/**
 * The sizes of all values of a GraphModel, whose topology does not tell them: by running it on zeros. A run with one image
 * and one with two give every extent as a linear function of the batch, so larger batches need no further run.
 */
export function createShapeTable(
  input: string,
  inputShape: SymbolicShape,
  values: ReadonlyMap<string, readonly string[]>,
  run: (feeds: Record<string, tf.Tensor>, fetch: string[]) => tf.Tensor[],
): ShapeTable {
  const names = [...values.values()].flat();
  const floats = new Set([input]);
  const known = new Map<string, Map<string, readonly number[]>>();
  const measured = (shape: readonly number[]): Map<string, readonly number[]> => {
    const key = shape.join();
    const found = known.get(key);
    if (found) return found;
    const shapes = new Map<string, readonly number[]>([[input, shape]]);
    tf.tidy(() => {
      const tensors = tried(() => run({ [input]: tf.zeros([...shape]) }, names));
      names.forEach((name, i) => {
        shapes.set(name, tensors[i]!.shape);
        if (tensors[i]!.dtype === 'float32') floats.add(name);
      });
    });
    known.set(key, shapes);
    return shapes;
  };
  const batch = inputShape[0];
  const sized = (size: number, images: number): number[] =>
    inputShape.map((extent, axis) => extent ?? (axis === 0 ? images : size));
  const small = measured(sized(PROBE_SIZES[0], 1));
  const open = inputShape.slice(1).some((extent) => extent === undefined);
  const large = open ? measured(sized(PROBE_SIZES[1], 1)) : small;
  return {
    isFloat: (value) => floats.has(value),
    symbolic(value) {
      const shape = small.get(value);
      const other = large.get(value);
      return shape?.map((extent, axis) => {
        // SpaceToBatch and its like put cells on the batch axis: that is no batch of images.
        if (axis === 0) return extent === (batch ?? 1) ? batch : extent;
        return extent === other?.[axis] ? extent : undefined;
      });
    },
    at(shape) {
      const images = shape[0]!;
      if (images === 1 || batch !== undefined) {
        const shapes = measured(shape);
        return (value) => shapes.get(value)!;
      }
      const one = measured([1, ...shape.slice(1)]);
      const two = measured([2, ...shape.slice(1)]);
      return (value) => {
        const first = one.get(value)!;
        return first.map((extent, axis) => extent + (images - 1) * (two.get(value)![axis]! - extent));
      };
    },
  };
}

function tried<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw runtimeError('createTfjsModel', error);
  }
}
