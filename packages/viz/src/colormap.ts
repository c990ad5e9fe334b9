/** A colour map as data: what `heatmap`, `overlay` and the legends read colours from. */
export interface Colormap {
  readonly name: string;
  /** 256 colours, three bytes each: red, green, blue. */
  readonly table: Uint8Array;
  /**
   * Which entry a value v in [0, 1] takes, computed in float32 like the original.
   * `truncate-255`: trunc(255·v), what `np.uint8(255 * map)` feeds to OpenCV; `floor-256`: trunc(256·v), at most 255,
   * matplotlib's rule. They differ by one entry for half of all values.
   */
  readonly quantize: 'truncate-255' | 'floor-256';
  /** True when the middle of the table stands for zero and the ends for opposite signs. */
  readonly diverging: boolean;
}

/** The entry (0 to 255) of `value`, clipped to [0, 1] first. */
export function colorIndex(value: number, quantize: Colormap['quantize']): number {
  const clipped = Math.min(1, Math.max(0, value));
  return quantize === 'truncate-255'
    ? Math.trunc(Math.fround(Math.fround(255) * Math.fround(clipped)))
    : Math.min(255, Math.trunc(256 * Math.fround(clipped)));
}
