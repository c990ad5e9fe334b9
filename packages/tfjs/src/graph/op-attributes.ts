import { activationGradient } from '../rules/activation.ts';
import type { Padding, WindowGeometry } from '../rules/convolution-geometry.ts';
import type { Weight } from '../rules/linear-rules.ts';
import { integers, type NodeDef, text, texts } from './node-attributes.ts';

/** `linear` where nothing but a bias is fused; undefined for what does not follow from the output. */
export function fusedActivation(node: NodeDef): string | undefined {
  const rest = texts(node, 'fused_ops').filter((op) => op !== 'BiasAdd');
  if (rest.length === 0) return 'linear';
  const name = rest[0]!.toLowerCase();
  return rest.length === 1 && activationGradient(name) ? name : undefined;
}

export function windowGeometry(node: NodeDef): WindowGeometry | undefined {
  const [, rowStride = 1, columnStride = 1] = integers(node, 'strides');
  const [, rowDilation = 1, columnDilation = 1] = integers(node, 'dilations');
  const padding = paddingOf(node);
  return padding && { strides: [rowStride, columnStride], dilations: [rowDilation, columnDilation], padding };
}

function paddingOf(node: NodeDef): Padding | undefined {
  const name = text(node, 'padding')?.toLowerCase();
  if (name === 'same' || name === 'valid') return name;
  const explicit = integers(node, 'explicit_paddings');
  return explicit.length === 8
    ? [
        [explicit[2]!, explicit[3]!],
        [explicit[4]!, explicit[5]!],
      ]
    : undefined;
}

/** Number of values in a constant; for parameter counts. */
export function parameterCount(constants: readonly (Weight | undefined)[]): number {
  return constants.reduce((count, constant) => {
    const tensor = constant?.();
    return count + (tensor?.dtype === 'float32' ? tensor.size : 0);
  }, 0);
}
