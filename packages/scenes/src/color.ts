/** Red, green, blue, each 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Hue in turns, saturation and value in [0, 1]; rounded to whole levels so that a spec reads well as JSON. */
export function hsv(hue: number, saturation: number, value: number): Rgb {
  const sector = (hue - Math.floor(hue)) * 6;
  const channel = (shift: number): number => {
    const k = (shift + sector) % 6;
    const distance = Math.min(k, 4 - k);
    return Math.round(255 * value * (1 - saturation * Math.max(0, Math.min(1, distance))));
  };
  return [channel(5), channel(3), channel(1)];
}

/** The colour `amount` of the way from `from` to `to`; beyond 1 it overshoots. */
export function blend(from: Rgb, to: Rgb, amount: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * amount,
    from[1] + (to[1] - from[1]) * amount,
    from[2] + (to[2] - from[2]) * amount,
  ];
}

/** Euclidean distance, green counted double: roughly how different two colours look. */
export function colorDistance(a: Rgb, b: Rgb): number {
  const red = a[0] - b[0];
  const green = a[1] - b[1];
  const blue = a[2] - b[2];
  return Math.sqrt(red * red + 2 * green * green + blue * blue);
}
