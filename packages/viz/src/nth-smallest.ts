/**
 * The value that would stand at `index` if `values` were sorted, without sorting them all: Hoare's selection, in a time that grows with
 * their number alone. No value may be NaN.
 */
export function nthSmallest(values: Float32Array, index: number): number {
  const rest = Float32Array.from(values);
  let first = 0;
  let last = rest.length - 1;
  while (first < last) {
    const pivot = middleOf(rest[first]!, rest[(first + last) >> 1]!, rest[last]!);
    let left = first;
    let right = last;
    while (left <= right) {
      while (rest[left]! < pivot) left++;
      while (rest[right]! > pivot) right--;
      if (left > right) break;
      const value = rest[left]!;
      rest[left++] = rest[right]!;
      rest[right--] = value;
    }
    // Between the two ends all equal the pivot.
    if (index <= right) last = right;
    else if (index >= left) first = left;
    else return pivot;
  }
  return rest[index]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
