import { allFinite } from './all-finite.ts';
import { NonFiniteError, ShapeError } from './errors.ts';
import { type ArrayView, pack } from './view.ts';

/**
 * The packed values of `array` after two checks: its axes are one of `axes`, and every number is finite.
 * @throws ShapeError naming the axes expected
 * @throws NonFiniteError naming the tensor and how many values are NaN or infinite
 */
export function readArray(
  where: string,
  name: string,
  array: ArrayView,
  ...axes: readonly (readonly string[])[]
): Float32Array {
  assertAxes(where, name, array, ...axes);
  const values = pack(array);
  assertFinite(where, name, values);
  return values;
}

/** @throws ShapeError unless the axes of `array` are one of `axes` and no extent is 0 */
export function assertAxes(
  where: string,
  name: string,
  { shape }: ArrayView,
  ...axes: readonly (readonly string[])[]
): void {
  if (!axes.some((names) => names.length === shape.length) || shape.some((extent) => !(extent >= 1))) {
    const expected = axes.map((names) => `[${names.join(', ')}]`).join(' or ');
    throw new ShapeError(
      `${where}: expected ${name} ${expected}, every extent ≥ 1; received shape [${shape}].`,
    );
  }
}

/** @throws NonFiniteError naming the tensor and how many of its values are NaN or infinite */
export function assertFinite(where: string, name: string, values: ArrayLike<number>): void {
  if (values instanceof Float32Array && allFinite(values)) return;
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) count++;
  if (count === 0) return;
  throw new NonFiniteError(
    `${where}: expected finite ${name}; received ${count} NaN or infinite of ${values.length} values. ` +
      'Check the model’s weights and the preprocessing.',
  );
}
