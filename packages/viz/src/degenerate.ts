import type { Status } from '@hybridcam/core';
import type { RgbaImage } from './rgba-image.ts';
import type { ScalarMap } from './scalar-map.ts';
import { statusBadge } from './status-badge.ts';

/** How pictures of maps that say nothing are marked. */
export interface StatusOptions {
  /**
   * What is known about the map, as `explain` returns it. Default: judged by the map, `constant` or
   * `no-positive-evidence` (zero everywhere) when all values are equal, else `ok`.
   */
  readonly status?: Status;
  /**
   * Whether a picture whose status is not `ok` says so in words. Default: true; false gives the bare colours, which for a
   * normalised map without evidence look like a result.
   */
  readonly badge?: boolean;
}

/** True when every value of the map is the same, so that colours could not tell anything. */
export function isFlat(map: ScalarMap): boolean {
  return map.min === map.max;
}

/** Marks `image` when the status asks for it. */
export function markStatus(image: RgbaImage, map: ScalarMap, options: StatusOptions): RgbaImage {
  const { badge = true, status = statusOf(map) } = options;
  return badge && status !== 'ok' ? statusBadge(image, status) : image;
}

function statusOf(map: ScalarMap): Status {
  if (!isFlat(map)) return 'ok';
  return map.max === 0 ? 'no-positive-evidence' : 'constant';
}
