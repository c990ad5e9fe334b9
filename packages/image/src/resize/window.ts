/** A picture of `width`×`height`, of which only the rectangle at (`left`, `top`) of `cropWidth`×`cropHeight` is wanted. */
export interface ResizeWindow {
  /** Size of the whole resized picture. */
  readonly width: number;
  readonly height: number;
  /** The rectangle to compute, inside it. */
  readonly left: number;
  readonly top: number;
  readonly cropWidth: number;
  readonly cropHeight: number;
}
