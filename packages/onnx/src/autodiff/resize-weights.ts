/** How one axis of a Resize maps output cells to input cells. */
export interface ResizeAxis {
  readonly input: number;
  readonly output: number;
  /** Output cells per input cell, as the node states it: not always output / input exactly. */
  readonly scale: number;
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubicCoefficient: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

/**
 * Weights [input, output] of a Resize along one axis, transposed: multiplying by them carries a cotangent back.
 * undefined for a coordinate rule that has no fixed weights.
 */
export function resizeAdjoint(axis: ResizeAxis): Float32Array | undefined {
  const { input, output } = axis;
  const weights = new Float64Array(input * output);
  for (let out = 0; out < output; out++) {
    const at = sourceCoordinate(axis, out);
    if (at === undefined) return undefined;
    for (const { cell, weight } of taps(axis, at)) {
      // Cells beyond the edge repeat the edge.
      const inside = Math.max(0, Math.min(input - 1, cell));
      weights[inside * output + out]! += weight;
    }
  }
  return Float32Array.from(weights);
}

/** In float32 step by step as ONNX Runtime does: next to a whole coordinate the rounding decides which cell is nearest. */
function sourceCoordinate(axis: ResizeAxis, out: number): number | undefined {
  const { input, output, coordinates } = axis;
  const scale = f32(axis.scale);
  const halfPixel = f32(f32((out + 0.5) / scale) - 0.5);
  switch (coordinates) {
    case 'half_pixel':
      return halfPixel;
    case 'pytorch_half_pixel':
      return output > 1 ? halfPixel : 0;
    case 'half_pixel_symmetric': {
      // Keeps the middle of the picture where it was when output is not exactly input · scale.
      const adjustment = f32(output / f32(scale * input));
      return f32(f32((input / 2) * f32(1 - adjustment)) + halfPixel);
    }
    case 'align_corners':
      return output === 1 ? 0 : f32((out * (input - 1)) / (output - 1));
    case 'asymmetric':
      return f32(out / scale);
    case 'tf_half_pixel_for_nn':
      return f32((out + 0.5) / scale);
    default:
      return undefined;
  }
}

const f32 = Math.fround;

function taps(axis: ResizeAxis, at: number): { cell: number; weight: number }[] {
  if (axis.mode === 'nearest') return [{ cell: nearestCell(at, axis), weight: 1 }];
  const stretch = axis.antialias ? Math.max(1, 1 / axis.scale) : 1;
  const reach = (axis.mode === 'linear' ? 1 : 2) * stretch;
  const cells: { cell: number; weight: number }[] = [];
  const kernel = (distance: number): number =>
    axis.mode === 'linear' ? Math.max(0, 1 - Math.abs(distance)) : cubic(distance, axis.cubicCoefficient);
  for (let cell = Math.ceil(at - reach); cell <= Math.floor(at + reach); cell++) {
    const weight = kernel((cell - at) / stretch);
    const outside = cell < 0 || cell >= axis.input;
    if (weight !== 0 && !(outside && axis.excludeOutside)) cells.push({ cell, weight });
  }
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  return cells.map(({ cell, weight }) => ({ cell, weight: weight / total }));
}

function nearestCell(at: number, { nearest, scale }: ResizeAxis): number {
  switch (nearest) {
    case 'floor':
      return Math.floor(at);
    case 'ceil':
      return Math.ceil(at);
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5);
    // Before opset 11.
    case 'simple':
      return scale < 1 ? Math.ceil(at) : Math.floor(at);
    default:
      return Math.ceil(at - 0.5);
  }
}

function cubic(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}
