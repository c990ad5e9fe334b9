import { assertAxes, assertFinite } from '../check.ts';
import { ShapeError } from '../errors.ts';
import { type ArrayView, pack } from '../view.ts';

/** What a layer knows about one image, checked and packed: the input of every CAM kernel. */
export interface Layer {
  /** [channels, height, width], row-major. */
  readonly activations: Float32Array;
  /** ∂y/∂A of channel k in cell i is `gradients[k * channelStep + i * cellStep]`. */
  readonly gradients: Float32Array;
  /** [cells, 1] for a gradient per cell; [1, 0] for one gradient per channel, the same in every cell. */
  readonly channelStep: number;
  readonly cellStep: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** height × width. */
  readonly cells: number;
}

/**
 * Checks activations [channels, height, width] and gradients of the same shape, or [channels] where each channel has one
 * gradient for all its cells.
 * @throws ShapeError, NonFiniteError
 */
export function readLayer(where: string, activations: ArrayView, gradients: ArrayView): Layer {
  const layer = packLayer(where, activations, gradients);
  assertFinite(where, 'activations', layer.activations);
  assertFinite(where, 'gradients', layer.gradients);
  return layer;
}

/** `readLayer` for kernels whose result tells whether every number that counts was finite: it does not look at them. */
export function packLayer(where: string, activations: ArrayView, gradients: ArrayView): Layer {
  const axes = ['channels', 'height', 'width'];
  assertAxes(where, 'activations', activations, axes);
  assertAxes(where, 'gradients', gradients, axes, ['channels']);
  if (!gradients.shape.every((extent, axis) => extent === activations.shape[axis])) {
    throw new ShapeError(
      `${where}: expected gradients [${activations.shape}] like the activations, or [${activations.shape[0]}] where they ` +
        `are the same in every cell; received shape [${gradients.shape}].`,
    );
  }
  const [channels, height, width] = activations.shape as [number, number, number];
  const cells = height * width;
  const varying = gradients.shape.length === 3;
  return {
    activations: pack(activations),
    gradients: pack(gradients),
    channelStep: varying ? cells : 1,
    cellStep: varying ? 1 : 0,
    channels,
    height,
    width,
    cells,
  };
}
