import type { Component } from '../view.ts';
import { h, setText } from './dom.ts';

/** The model's actual input beside the photograph: most misreadings of a map come from the crop. */
export function createSeen(root: HTMLElement): Component {
  const canvas = h('canvas', {
    width: 1,
    height: 1,
    role: 'img',
    'aria-label': 'The picture as the network gets it',
  });
  const words = h('p', { class: 'hint' });
  root.append(canvas, words);
  let known: unknown;
  return {
    update({ picture, model }) {
      if (!picture?.seen || picture === known) return;
      known = picture;
      const { data, width, height } = picture.seen;
      canvas.width = width;
      canvas.height = height;
      canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
      const { crop, resize } = model?.preprocessing ?? {};
      const how =
        crop?.mode === 'center' ? 'centre crop' : resize?.mode === 'squash' ? 'squashed' : 'as it is';
      setText(words, `${width} × ${height} pixels, ${how}, of ${picture.width} × ${picture.height}.`);
    },
  };
}
