import type { NdArray } from '@hybridcam/core';
import type { Colormap } from '@hybridcam/viz';
import type { ShownPicture } from '../view.ts';
import { h } from './dom.ts';
import { paintMap, paintPicture, place } from './paint.ts';

/** A picture with a map over it: two canvases, so that moving opacity or alpha repaints as little as it can. */
export interface OverlayPicture {
  readonly element: HTMLElement;
  readonly heat: HTMLCanvasElement;
  showPicture(picture: ShownPicture): void;
  showMap(map: NdArray<Float32Array> | undefined, colormap: Colormap, opacity: number, smooth: boolean): void;
}

/** @param longerSide of the picture's canvas, in pixels */
export function createOverlayPicture(longerSide: number): OverlayPicture {
  const photograph = h('canvas', { class: 'photograph', width: 1, height: 1 });
  const heat = h('canvas', { class: 'heat', width: 1, height: 1 });
  const element = h('div', { class: 'overlay' }, photograph, heat);
  let shown: ShownPicture | undefined;
  return {
    element,
    heat,
    showPicture(picture) {
      if (picture === shown) return;
      shown = picture;
      paintPicture(photograph, picture.bitmap, picture.geometry, longerSide);
      element.style.aspectRatio = `${picture.width} / ${picture.height}`;
      element.style.setProperty('--ratio', String(picture.width / picture.height));
      place(heat, picture.geometry);
    },
    showMap(map, colormap, opacity, smooth) {
      heat.hidden = map === undefined;
      if (!map) return;
      heat.classList.toggle('cells', !smooth);
      heat.style.opacity = String(opacity);
      paintMap(heat, map, colormap);
    },
  };
}
