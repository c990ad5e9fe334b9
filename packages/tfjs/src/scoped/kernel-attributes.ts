import type { Padding, Pair } from '../rules/convolution-geometry.ts';

/** What TensorFlow.js hands to kernels and gradients beside tensors. */
export type Attributes = Readonly<Record<string, unknown>>;

export function geometryOf(attributes: Attributes): { strides: Pair; dilations: Pair; padding: Padding } {
  const pad = attributes['pad'] as 'same' | 'valid' | number | Pair[];
  const padding: Padding =
    typeof pad === 'number'
      ? [
          [pad, pad],
          [pad, pad],
        ]
      : typeof pad === 'string'
        ? pad
        : [pad[1]!, pad[2]!];
  return { strides: pair(attributes['strides']), dilations: pair(attributes['dilations'] ?? 1), padding };
}

export function pair(value: unknown): Pair {
  return typeof value === 'number' ? [value, value] : (value as Pair);
}
