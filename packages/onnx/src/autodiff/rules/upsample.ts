import { matrixAlongAxis, shaped } from '../along-axis.ts';
import { resizeAdjoint } from '../resize-weights.ts';
import type { Rule } from '../rule.ts';

/** The predecessor of Resize (opsets 7 to 9): nearest takes the cell before, linear does not centre cells. */
export const upsample: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const input = context.shape(context.inputs[0]!);
    const output = context.shape(context.outputs[0]!);
    const mode = context.string('mode', 'nearest');
    const attribute = context.attribute('scales');
    const scales =
      context.opset >= 9 ? context.values(1) : attribute?.kind === 'floats' ? attribute.value : undefined;
    if (!scales || (mode !== 'nearest' && mode !== 'linear')) context.refuse(`its mode is "${mode}"`);
    let current = shaped(context, context.dY, context.outputs[0]!);
    input.forEach((extent, axis) => {
      if (output[axis] === extent) return;
      const weights = resizeAdjoint({
        input: extent,
        output: output[axis]!,
        scale: scales![axis]!,
        mode: mode === 'linear' ? 'linear' : 'nearest',
        coordinates: 'asymmetric',
        nearest: 'simple',
        cubicCoefficient: 0,
        excludeOutside: false,
        antialias: false,
      });
      current = matrixAlongAxis(context, current, axis, { rows: extent, data: weights! });
    });
    return [current.value];
  },
};
