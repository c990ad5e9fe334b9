import { type ForwardPass, pack, ShapeError } from '@hybridcam/core';

/**
 * A cotangent's values, dense and row by row.
 * @throws ShapeError unless it has a slope for each score: `shape`
 */
export function packCotangent(
  where: string,
  cotangent: ForwardPass['logits'],
  shape: readonly number[],
): Float32Array {
  if (cotangent.shape.join() !== shape.join()) {
    throw new ShapeError(
      `${where}: expected cotangent [${shape.join(', ')}]; received [${cotangent.shape.join(', ')}].`,
    );
  }
  return pack(cotangent);
}
