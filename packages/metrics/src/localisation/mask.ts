import { type ArrayView, NonFiniteError, OptionError, pack, ShapeError } from '@hybridcam/core';

/** True evidence: a mask [height, width] (non-zero = inside) or a box in pixels, `right` and `bottom` exclusive. */
export type Evidence = ArrayView | Box;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The map's values and the mask's, flat and checked, as every localisation metric needs them. */
export interface LocalisationInput {
  readonly values: Float32Array;
  readonly inside: Uint8Array;
  readonly insideCount: number;
  readonly height: number;
  readonly width: number;
}

/**
 * @throws ShapeError when sizes differ; OptionError when the mask is empty or the box leaves the map; NonFiniteError
 */
export function localisationInput(map: ArrayView, evidence: Evidence, where: string): LocalisationInput {
  const [height, width] = map.shape as [number, number];
  if (map.shape.length !== 2)
    throw new ShapeError(`${where}: expected a map [height, width]; received rank ${map.shape.length}.`);
  const values = pack(map);
  for (const value of values) {
    if (!Number.isFinite(value))
      throw new NonFiniteError(`${where}: expected a finite map; received ${value}.`);
  }
  const inside =
    'left' in evidence ? boxMask(evidence, height, width, where) : maskOf(evidence, height, width, where);
  let insideCount = 0;
  for (const flag of inside) insideCount += flag;
  if (insideCount === 0)
    throw new OptionError(`${where}: expected a mask with at least one pixel inside; received an empty one.`);
  return { values, inside, insideCount, height, width };
}

function maskOf(mask: ArrayView, height: number, width: number, where: string): Uint8Array {
  if (mask.shape.length !== 2 || mask.shape[0] !== height || mask.shape[1] !== width) {
    throw new ShapeError(
      `${where}: expected a mask of the map's size [${height}, ${width}]; received [${mask.shape}].`,
    );
  }
  return Uint8Array.from(pack(mask), (value) => (value ? 1 : 0));
}

function boxMask(box: Box, height: number, width: number, where: string): Uint8Array {
  if (
    !(
      box.left >= 0 &&
      box.top >= 0 &&
      box.right <= width &&
      box.bottom <= height &&
      box.left < box.right &&
      box.top < box.bottom
    )
  ) {
    throw new OptionError(
      `${where}: expected a box inside ${width}×${height}; received ${box.left},${box.top} to ${box.right},${box.bottom}.`,
    );
  }
  const inside = new Uint8Array(height * width);
  for (let y = Math.floor(box.top); y < box.bottom; y++) {
    inside.fill(1, y * width + Math.floor(box.left), y * width + Math.ceil(box.right));
  }
  return inside;
}
