/** Rounded to float32. In a loop, for the constructor of typed arrays takes five times as long to change a type. */
export function toFloat32(values: ArrayLike<number>): Float32Array {
  const rounded = new Float32Array(values.length);
  for (let i = 0; i < rounded.length; i++) rounded[i] = values[i]!;
  return rounded;
}
