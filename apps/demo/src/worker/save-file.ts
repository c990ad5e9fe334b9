import { type NdArray, view } from '@hybridcam/core';
import { type Geometry, type Image, placeOnOriginal, resizeImage } from '@hybridcam/image';
import { colormapNamed, contour, encodeNpy, encodePng, overlay, type RgbaImage, sheet } from '@hybridcam/viz';
import type { Drawing, SavedFile, SaveParams } from '../protocol.ts';

/** Longer side of the pictures in a sheet. */
const sheetSide = 320;

/** The bytes of a file that the page offers for download. */
export function saveFile(params: SaveParams, image: Image, geometry: Geometry): SavedFile {
  const { height, width } = geometry.input;
  if (params.kind === 'npy') {
    return { bytes: encodeNpy(view(params.map, [height, width])), type: 'application/octet-stream' };
  }
  const text = { Title: params.title, Software: 'hybridcam' };
  if (params.kind === 'overlay') {
    const drawn = drawOverlay(image, view(params.map, [height, width]), geometry, params.drawing);
    return { bytes: encodePng(drawn, { text }), type: 'image/png' };
  }
  const scale = Math.min(1, sheetSide / Math.max(image.width, image.height));
  const small = {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
  const picture = resizeImage(image, small);
  const scaled = scaledGeometry(geometry, small);
  const cells = params.maps.map(({ title, map }) => ({
    title,
    image: drawOverlay(picture, view(map, [height, width]), scaled, params.drawing),
  }));
  const perRow = Math.min(4, cells.length + 1);
  const all = [{ title: 'picture', image: picture as RgbaImage }, ...cells];
  const rows = Array.from({ length: Math.ceil(all.length / perRow) }, (_, row) =>
    all.slice(row * perRow, (row + 1) * perRow),
  );
  const page = sheet(rows, {
    title: params.title,
    cellSize: sheetSide,
    caption: 'An explanation is evidence, not proof.',
    legend: {
      colormap: colormapNamed(params.drawing.colormap),
      low: 0,
      high: 1,
      title: 'relative to each map’s maximum',
    },
  });
  return { bytes: encodePng(page, { text }), type: 'image/png' };
}

function drawOverlay(
  image: Image,
  map: NdArray<Float32Array>,
  geometry: Geometry,
  drawing: Drawing,
): RgbaImage {
  const placed = placeOnOriginal(map, geometry);
  const colored = overlay(image, placed.map, {
    colormap: colormapNamed(drawing.colormap),
    opacity: drawing.opacity,
    seen: placed.seen,
    // Bilinear sums may round a hair above 1.
    range: [0, 1],
  });
  return drawing.contour ? contour(colored, placed.map) : colored;
}

/** The same crop on a smaller copy of the picture. */
function scaledGeometry(geometry: Geometry, original: { width: number; height: number }): Geometry {
  return { ...geometry, original };
}
