/** The outline of the true objects: their masks less what lies inside them. */
export function drawTruth(
  canvas: HTMLCanvasElement,
  masks: readonly { readonly mask: Uint8Array }[],
  width: number,
  height: number,
): void {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const reach = Math.max(1, Math.round(width / 160));
  for (const { mask } of masks) {
    for (let i = 0; i < mask.length; i++) {
      if (!mask[i]) continue;
      const x = i % width;
      const isInside =
        x >= reach &&
        x < width - reach &&
        mask[i - reach] === 1 &&
        mask[i + reach] === 1 &&
        mask[i - reach * width] === 1 &&
        mask[i + reach * width] === 1;
      if (!isInside) words[i] = 0xffffffff;
    }
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
