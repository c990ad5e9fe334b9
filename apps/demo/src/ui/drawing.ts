import { colormapNames } from '@hybridcam/viz';
import type { Actions, Component } from '../view.ts';
import { h } from './dom.ts';

/** Perceptual first; jet is for comparison with papers. */
const titles: Readonly<Record<string, string>> = {
  viridis: 'Viridis',
  inferno: 'Inferno',
  turbo: 'Turbo',
  grey: 'Grey',
  jet: 'Jet (as in papers)',
  'jet-matplotlib': 'Jet (matplotlib)',
};

/** Opacity, colour map, contour lines, smooth or raw cells. */
export function createDrawing(root: HTMLElement, actions: Actions): Component {
  const opacity = h('input', { type: 'range', id: 'opacity', min: 0, max: 1, step: 0.01 });
  const colormap = h(
    'select',
    { id: 'colormap' },
    ...colormapNames
      .filter((name) => titles[name])
      .map((name) => h('option', { value: name }, titles[name]!)),
  );
  const contour = h('input', { type: 'checkbox', id: 'contour' });
  const smooth = h('input', { type: 'checkbox', id: 'smooth' });
  root.append(
    h(
      'div',
      { class: 'drawing-row' },
      h('label', { for: 'opacity' }, 'Opacity'),
      opacity,
      h('label', { for: 'colormap' }, 'Colours'),
      colormap,
      h('label', { class: 'check' }, contour, 'Outline the top 5 % and 20 %'),
      h('label', { class: 'check' }, smooth, 'Smooth'),
    ),
  );
  opacity.addEventListener('input', () => actions.set({ opacity: opacity.valueAsNumber }));
  colormap.addEventListener('change', () => actions.set({ colormap: colormap.value }));
  contour.addEventListener('change', () => actions.set({ contour: contour.checked }));
  smooth.addEventListener('change', () => actions.set({ smooth: smooth.checked }));
  return {
    update({ state }) {
      if (opacity.valueAsNumber !== state.opacity) opacity.valueAsNumber = state.opacity;
      colormap.value = state.colormap;
      contour.checked = state.contour;
      smooth.checked = state.smooth;
    },
  };
}
