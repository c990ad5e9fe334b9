/**
 * CMYK bytes (0 = no ink) to opaque RGBA as PIL's `convert('RGB')` does, which knows no inks: (255 − c)·(255 − k) / 255.
 * Real printing looks different, but this is what a network trained on PIL's pictures has seen.
 */
export function cmykToRgba(cmyk: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(cmyk.length);
  for (let i = 0; i < cmyk.length; i += 4) {
    const white = 255 - cmyk[i + 3]!;
    rgba[i] = white - multiply(cmyk[i]!, white);
    rgba[i + 1] = white - multiply(cmyk[i + 1]!, white);
    rgba[i + 2] = white - multiply(cmyk[i + 2]!, white);
    rgba[i + 3] = 255;
  }
  return rgba;
}

/** a·b / 255, rounded to nearest, for bytes. */
function multiply(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
