import type { Geometry } from '@hybridcam/image';
import type { Evidence } from './protocol.ts';

/** An explanation made when the page was built, shown until the network itself runs. */
export interface ShippedExplanation {
  readonly sample: string;
  /** Address of the picture, relative to the page. */
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  readonly geometry: Geometry;
  readonly labels: readonly string[];
  readonly evidence: Evidence;
}
