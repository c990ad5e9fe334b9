import type { RuleContext } from './rule.ts';

/** How a convolution or pooling window moves over its input; arrays have one entry per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padBefore: readonly number[];
  readonly padAfter: readonly number[];
  /** Spatial extents of input and output. */
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/** The node's window with `auto_pad` resolved to numbers, which needs the measured shapes. */
export function windowOf(context: RuleContext, kernel: readonly number[]): Window {
  const input = context.shape(context.inputs[0]!).slice(2);
  const output = context.shape(context.outputs[0]!).slice(2);
  const ones = kernel.map(() => 1);
  const strides = context.ints('strides') ?? ones;
  const dilations = context.ints('dilations') ?? ones;
  const explicit = context.ints('pads') ?? [...kernel, ...kernel].map(() => 0);
  const autoPad = context.string('auto_pad', 'NOTSET');
  const padBefore = explicit.slice(0, kernel.length);
  const padAfter = explicit.slice(kernel.length);
  if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') {
    // Runtimes disagree whether the window's span or its bare size is padded for.
    if (dilations.some((value) => value !== 1)) context.refuse(`it has dilations and auto_pad "${autoPad}"`);
    kernel.forEach((size, i) => {
      const reach = (output[i]! - 1) * strides[i]! + (size - 1) * dilations[i]! + 1;
      const total = Math.max(0, reach - input[i]!);
      padBefore[i] = autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
      padAfter[i] = total - padBefore[i]!;
    });
  } else if (autoPad === 'VALID') {
    padBefore.fill(0);
    padAfter.fill(0);
  } else if (autoPad !== 'NOTSET' && autoPad !== '') {
    context.refuse(`its auto_pad is "${autoPad}"`);
  }
  return { kernel, strides, dilations, padBefore, padAfter, input, output };
}

/** Cells that one kernel placement spans. */
export function span(window: Window, axis: number): number {
  return (window.kernel[axis]! - 1) * window.dilations[axis]! + 1;
}

/**
 * Attributes of the ConvTranspose that scatters output cells back to the input cells of their windows, in exactly the
 * input's extent: `output_padding` for rows that no window reached (which a 1×1 kernel of stride 2 leaves too), more
 * padding where the last window of a ceil_mode pool hangs over the edge.
 */
export function scatterAttributes(window: Window): {
  kernel_shape: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  pads: readonly number[];
  output_padding: readonly number[];
} {
  const padAfter = [...window.padAfter];
  const outputPadding = window.kernel.map((_, axis) => {
    const covered =
      (window.output[axis]! - 1) * window.strides[axis]! +
      span(window, axis) -
      window.padBefore[axis]! -
      window.padAfter[axis]!;
    const missing = window.input[axis]! - covered;
    if (missing < 0) padAfter[axis] = padAfter[axis]! - missing;
    return Math.max(0, missing);
  });
  return {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.padBefore, ...padAfter],
    output_padding: outputPadding,
  };
}

/** For each output cell along an axis: the input indices its window covers, padding left out, with the kernel offset. */
export function covered(
  window: Window,
  axis: number,
): { readonly offset: number; readonly input: number }[][] {
  return Array.from({ length: window.output[axis]! }, (_, out) => {
    const cells: { offset: number; input: number }[] = [];
    for (let offset = 0; offset < window.kernel[axis]!; offset++) {
      const input = out * window.strides[axis]! - window.padBefore[axis]! + offset * window.dilations[axis]!;
      if (input >= 0 && input < window.input[axis]!) cells.push({ offset, input });
    }
    return cells;
  });
}
