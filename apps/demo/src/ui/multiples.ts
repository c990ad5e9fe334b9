import { colormapNamed } from '@hybridcam/viz';
import { readyMap } from '../maps.ts';
import type { Actions, Component } from '../view.ts';
import { h } from './dom.ts';
import { createOverlayPicture } from './overlay-picture.ts';

/** The reference's own sweep. */
const alphas = [0, 0.3, 0.5, 0.7, 1] as const;
/** Enlarged no further than this: the panels are small. */
const panelSide = 112;

/** The hybrid at five values of alpha. */
export function createMultiples(root: HTMLElement, actions: Actions): Component {
  const panels = alphas.map((alpha) => {
    const picture = createOverlayPicture(2 * panelSide);
    const button = h(
      'button',
      { type: 'button', class: 'multiple' },
      picture.element,
      h('span', {}, `α = ${alpha}`),
    );
    button.addEventListener('click', () => {
      actions.set({ alpha });
    });
    return { alpha, picture, button };
  });
  root.append(...panels.map(({ button }) => button));
  let key: readonly unknown[] = [];
  return {
    update({ picture, evidence, state }) {
      const isHybrid = state.method === 'hybrid' || state.method === 'cross-layer-hybrid';
      root.hidden = !isHybrid;
      for (const { alpha, button } of panels)
        button.setAttribute('aria-pressed', String(alpha === state.alpha));
      const next = [picture, evidence, state.method, state.colormap, state.opacity, state.smooth];
      if (!picture || !evidence || !isHybrid || next.every((part, i) => part === key[i])) return;
      key = next;
      const { height, width } = picture.geometry.input;
      const scale = Math.min(1, panelSide / Math.max(height, width));
      for (const { alpha, picture: panel } of panels) {
        panel.showPicture(picture);
        const map = readyMap(evidence, state.method, alpha);
        const drawn = state.smooth
          ? map?.at(Math.round(height * scale), Math.round(width * scale))
          : map?.cells;
        panel.showMap(
          map?.status === 'ok' ? drawn : undefined,
          colormapNamed(state.colormap),
          state.opacity,
          state.smooth,
        );
      }
    },
  };
}
