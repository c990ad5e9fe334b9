/** A number, (nested) arrays of numbers, a typed array, or an ndarray with any strides. */
export type Numbers = number | ArrayLike<number> | NestedNumbers | StridedNumbers;

export interface NestedNumbers extends ReadonlyArray<number | NestedNumbers> {}

export interface StridedNumbers {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** A value passes when |actual − expected| ≤ absolute + relative·|expected| + relativeToMax·max|expected|. */
export interface Closeness {
  readonly absolute?: number;
  readonly relative?: number;
  readonly relativeToMax?: number;
}

/**
 * Fails unless both have the same shape, every number on both sides is finite, and each pair is close. Every part of
 * the tolerance defaults to 0, so `expectClose(a, b)` asks for equal numbers.
 */
export function expectClose(actual: Numbers, expected: Numbers, closeness: Closeness = {}): void {
  const { absolute = 0, relative = 0, relativeToMax = 0 } = closeness;
  if (![absolute, relative, relativeToMax].every((part) => Number.isFinite(part) && part >= 0)) {
    throw new Error(`expectClose: expected finite tolerances ≥ 0; received ${JSON.stringify(closeness)}.`);
  }
  const a = flatten(actual);
  const e = flatten(expected);
  if (a.shape.join() !== e.shape.join()) {
    throw new Error(`expectClose: expected shape [${e.shape}]; received shape [${a.shape}].`);
  }
  rejectNonFinite('actual', a);
  rejectNonFinite('expected', e);
  const scale = e.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let failures = 0;
  let worst = { excess: 0, index: -1 };
  for (let i = 0; i < e.values.length; i++) {
    const limit = absolute + relative * Math.abs(e.values[i]!) + relativeToMax * scale;
    const excess = Math.abs(a.values[i]! - e.values[i]!) - limit;
    if (excess > 0) {
      failures++;
      if (excess > worst.excess) worst = { excess, index: i };
    }
  }
  if (failures > 0) {
    const [x, y] = [a.values[worst.index]!, e.values[worst.index]!];
    throw new Error(
      `expectClose: ${failures} of ${e.values.length} values differ; worst at [${unravel(worst.index, e.shape)}]: ` +
        `received ${x}, expected ${y}, difference ${Math.abs(x - y).toExponential(3)} ` +
        `(largest expected magnitude ${scale}).`,
    );
  }
}

interface Flat {
  readonly values: readonly number[];
  readonly shape: readonly number[];
}

function flatten(numbers: Numbers): Flat {
  if (typeof numbers === 'number') return { values: [numbers], shape: [] };
  if ('stride' in numbers) return flattenStrided(numbers as StridedNumbers);
  const items = Array.from(numbers as ArrayLike<Numbers>);
  if (items.every((item) => typeof item === 'number')) return { values: items, shape: [items.length] };
  const parts = items.map(flatten);
  const inner = parts[0]!.shape;
  if (parts.some((part) => part.shape.join() !== inner.join())) {
    throw new Error('expectClose: expected nested arrays of one shape; received ragged ones.');
  }
  return { values: parts.flatMap((part) => part.values), shape: [items.length, ...inner] };
}

function flattenStrided({ data, shape, stride, offset }: StridedNumbers): Flat {
  const values: number[] = [];
  const visit = (axis: number, position: number): void => {
    if (axis === shape.length) values.push(data[position]!);
    else for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, position + i * stride[axis]!);
  };
  visit(0, offset);
  return { values, shape };
}

function rejectNonFinite(side: string, { values, shape }: Flat): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new Error(
      `expectClose: ${side} holds ${values[at]} at [${unravel(at, shape)}]; only finite numbers compare.`,
    );
  }
}

function unravel(index: number, shape: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = index;
  for (const extent of [...shape].reverse()) {
    indices.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return indices;
}
