import { padWithZeros } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';

/** Y = ConvTranspose(X, W): dX = Conv(dY, W), whose windows are the forward's scatter windows. */
export const convTranspose: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const kernel = context.shape(context.inputs[1]!).slice(2);
    const ones = kernel.map(() => 1);
    const strides = context.ints('strides') ?? ones;
    const dilations = context.ints('dilations') ?? ones;
    const [before, after] = padding(context, kernel, strides, dilations);
    // A convolution's own pads cannot be negative; a scatter that was cropped beyond its windows needs them to be.
    const crop = (pad: number): number => Math.min(0, pad);
    const dY = padWithZeros(
      context.emit,
      context.dY,
      [0, 0, ...before.map(crop)],
      [0, 0, ...after.map(crop)],
    );
    return [
      context.emit.op('Conv', [dY, context.x(1)], {
        kernel_shape: kernel,
        strides,
        dilations,
        group: context.int('group', 1),
        pads: [...before, ...after].map((pad) => Math.max(0, pad)),
      }),
    ];
  },
};

/** Cells cropped at either side of the scatter, from the measured shapes: it settles `output_shape` and `auto_pad` too. */
function padding(
  context: RuleContext,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): [before: number[], after: number[]] {
  const input = context.shape(context.inputs[0]!).slice(2);
  const output = context.shape(context.outputs[0]!).slice(2);
  const autoPad = context.string('auto_pad', 'NOTSET');
  const extra = context.ints('output_padding') ?? kernel.map(() => 0);
  const scattered = kernel.map(
    (size, axis) => (input[axis]! - 1) * strides[axis]! + (size - 1) * dilations[axis]! + 1,
  );
  const explicit = context.ints('pads');
  if (context.ints('output_shape')?.length || autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') {
    const total = scattered.map((extent, axis) => extent + extra[axis]! - output[axis]!);
    if (total.some((pad) => pad < 0)) context.refuse('its output_shape is larger than its windows reach');
    const before = total.map((pad) => (autoPad === 'SAME_UPPER' ? Math.floor(pad / 2) : Math.ceil(pad / 2)));
    return [before, total.map((pad, axis) => pad - before[axis]! - extra[axis]!)];
  }
  const before = explicit && autoPad !== 'VALID' ? explicit.slice(0, kernel.length) : kernel.map(() => 0);
  return [before, scattered.map((extent, axis) => extent - before[axis]! - output[axis]!)];
}
