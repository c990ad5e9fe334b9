import { matrixAlongAxis, shaped } from '../along-axis.ts';
import { positiveAxis } from '../axes.ts';
import { type ResizeAxis, resizeAdjoint } from '../resize-weights.ts';
import type { Rule, RuleContext } from '../rule.ts';

/**
 * Interpolation is linear and acts on one axis after the other: dX multiplies dY by each axis' weights, transposed. All
 * modes and coordinate rules but tf_crop_and_resize; antialiasing in linear mode with half_pixel centres only.
 */
export const resize: Rule = {
  differentiable: [0],
  parameters: [1, 2, 3],
  vjp: (context) => {
    const input = context.shape(context.inputs[0]!);
    const output = context.shape(context.outputs[0]!);
    const scales = statedScales(context, input, output);
    const mode = context.string('mode', 'nearest');
    if (mode !== 'nearest' && mode !== 'linear' && mode !== 'cubic') context.refuse(`its mode is "${mode}"`);
    const coordinates =
      context.opset >= 11 ? context.string('coordinate_transformation_mode', 'half_pixel') : 'asymmetric';
    const antialias = context.int('antialias', 0) !== 0;
    let current = shaped(context, context.dY, context.outputs[0]!);
    input.forEach((extent, axis) => {
      if (output[axis] === extent && scales[axis] === 1) return;
      const weights = resizeAdjoint({
        input: extent,
        output: output[axis]!,
        scale: scales[axis]!,
        mode: mode as ResizeAxis['mode'],
        coordinates,
        nearest: context.opset >= 11 ? context.string('nearest_mode', 'round_prefer_floor') : 'simple',
        cubicCoefficient: context.float('cubic_coeff_a', -0.75),
        excludeOutside: context.int('exclude_outside', 0) !== 0,
        antialias,
      });
      if (!weights) context.refuse(`its coordinate_transformation_mode is "${coordinates}"`);
      current = matrixAlongAxis(context, current, axis, { rows: extent, data: weights! });
    });
    return [current.value];
  },
};

/** Scales per axis: given, or implied by the sizes. Inputs are (X, scales) in opset 10 and (X, roi, scales, sizes) since 11. */
function statedScales(context: RuleContext, input: readonly number[], output: readonly number[]): number[] {
  const implied = input.map((extent, axis) => output[axis]! / extent);
  const given = context.opset >= 11 ? context.values(2) : context.values(1);
  if (!given || given.length === 0) {
    const policy = context.string('keep_aspect_ratio_policy', 'stretch');
    if (policy !== 'stretch') context.refuse(`its keep_aspect_ratio_policy is "${policy}"`);
    return implied;
  }
  const axes = context.opset >= 18 ? context.ints('axes') : undefined;
  const scales = input.map(() => 1);
  given.forEach((scale, i) => {
    scales[axes ? positiveAxis(axes[i]!, input.length) : i] = scale;
  });
  return scales;
}
