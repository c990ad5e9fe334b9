import type { RgbaImage } from '../rgba-image.ts';

/**
 * A picture at another size for display: linear interpolation, antialiased where it shrinks; where it grows at least
 * fourfold (a map of a few cells) every pixel becomes a block. Not for preprocessing: that is the image package's.
 */
export function resizeImage(image: RgbaImage, width: number, height: number): RgbaImage {
  if (width === image.width && height === image.height) return image;
  const blocks = Math.min(width / image.width, height / image.height) >= 4;
  const columns = taps(image.width, width, blocks);
  const rows = taps(image.height, height, blocks);
  const source = image.data;
  const narrowed = new Float64Array(image.height * width * 4);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = columns[x]!;
      const out = 4 * (y * width + x);
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let k = 0; k < weights.length; k++) {
        const weight = weights[k]!;
        const from = 4 * (y * image.width + first + k);
        red += weight * source[from]!;
        green += weight * source[from + 1]!;
        blue += weight * source[from + 2]!;
        alpha += weight * source[from + 3]!;
      }
      narrowed[out] = red;
      narrowed[out + 1] = green;
      narrowed[out + 2] = blue;
      narrowed[out + 3] = alpha;
    }
  }
  const data = new Uint8Array(width * height * 4);
  const sums = new Float64Array(width * 4);
  for (let y = 0; y < height; y++) {
    const { first, weights } = rows[y]!;
    sums.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      const from = (first + k) * width * 4;
      for (let i = 0; i < sums.length; i++) sums[i]! += weight * narrowed[from + i]!;
    }
    for (let i = 0; i < sums.length; i++) data[y * sums.length + i] = Math.round(sums[i]!);
  }
  return { data, width, height };
}

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

function taps(from: number, to: number, blocks: boolean): Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    if (blocks) return { first: Math.min(from - 1, Math.floor(center)), weights: [1] };
    const support = Math.max(1, scale);
    const first = Math.max(0, Math.ceil(center - support - 0.5));
    const last = Math.min(from - 1, Math.floor(center + support - 0.5));
    const raw = Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / support),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: raw.map((weight) => weight / total) };
  });
}
