import { type NdArray, pack } from '@hybridcam/core';
import { type Geometry, toOriginal } from '@hybridcam/image';
import { type Colormap, colorIndex } from '@hybridcam/viz';

/** A map in [0, 1] onto a canvas of its own size, in colours; reuses the canvas' pixels. */
export function paintMap(canvas: HTMLCanvasElement, map: NdArray<Float32Array>, colormap: Colormap): void {
  const [height, width] = map.shape as [number, number];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const colors = packedColors(colormap);
  const values = pack(map);
  for (let i = 0; i < values.length; i++) words[i] = colors[colorIndex(values[i]!, colormap.quantize)]!;
  context.putImageData(image, 0, 0);
}

const packed = new WeakMap<Colormap, Uint32Array>();

/** The table as the 32-bit words of ImageData (little-endian: alpha first). */
function packedColors(colormap: Colormap): Uint32Array {
  const known = packed.get(colormap);
  if (known) return known;
  const { table } = colormap;
  const words = Uint32Array.from(
    { length: 256 },
    (_, i) => 0xff000000 | (table[3 * i + 2]! << 16) | (table[3 * i + 1]! << 8) | table[3 * i]!,
  );
  packed.set(colormap, words);
  return words;
}

/** Where the model input lies on the picture, in percent of it. */
export function inputRectangle(geometry: Geometry): {
  left: number;
  top: number;
  width: number;
  height: number;
} {
  const { original, input } = geometry;
  const start = toOriginal({ x: 0, y: 0 }, geometry);
  const end = toOriginal({ x: input.width, y: input.height }, geometry);
  return {
    left: (100 * start.x) / original.width,
    top: (100 * start.y) / original.height,
    width: (100 * (end.x - start.x)) / original.width,
    height: (100 * (end.y - start.y)) / original.height,
  };
}

export function place(element: HTMLElement, geometry: Geometry): void {
  const { left, top, width, height } = inputRectangle(geometry);
  Object.assign(element.style, {
    left: `${left}%`,
    top: `${top}%`,
    width: `${width}%`,
    height: `${height}%`,
  });
}

/** The picture, the part that the network does not see dimmed. */
export function paintPicture(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  geometry: Geometry,
  longerSide: number,
): void {
  const scale = Math.min(1, longerSide / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { left, top, width, height } = inputRectangle(geometry);
  if (left <= 0 && top <= 0 && left + width >= 100 && top + height >= 100) return;
  const [x, y] = [(left / 100) * canvas.width, (top / 100) * canvas.height];
  const [w, h] = [(width / 100) * canvas.width, (height / 100) * canvas.height];
  context.fillStyle = 'rgb(20 22 28 / 0.55)';
  context.beginPath();
  context.rect(0, 0, canvas.width, canvas.height);
  context.rect(x, y, w, h);
  context.fill('evenodd');
}
