import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { principalMap } from '../kernels/principal-map.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

/**
 * Eigen-CAM: the first principal component of the activations over cells, then ReLU. It needs no gradient and knows no class.
 *
 * `activations` [channels, height, width]; returns [height, width], ≥ 0, in units of the activations.
 *
 *     L = ReLU( X · v₁ ),   X [cells, channels] = activations less each channel's mean,   v₁ its first right singular vector
 *
 * The component's sign is arbitrary in the paper and in peers, where the map can come out as its complement. Here it is the one
 * that correlates with Σ_k |A_k|: bright where the layer responds.
 *
 * Muhammad and Yeasin, Eigen-CAM: Class Activation Map using Principal Components, IJCNN 2020.
 * @throws ShapeError, NonFiniteError
 * @example eigenCam(activations)
 */
export function eigenCam(activations: ArrayView): NdArray<Float32Array> {
  const a = readArray('eigenCam', 'activations', activations, ['channels', 'height', 'width']);
  const [channels, height, width] = activations.shape as [number, number, number];
  const cells = height * width;
  const response = new Float64Array(cells);
  for (let i = 0; i < a.length; i++) response[i % cells]! += Math.abs(a[i]!);
  return toPositiveMap(
    'eigenCam',
    principalMap(new Float64Array(a), channels, cells, response),
    height,
    width,
  );
}
