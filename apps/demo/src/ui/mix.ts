import type { Actions, Component } from '../view.ts';
import { h } from './dom.ts';

/** The alpha slider with its number: from LayerCAM (0) to Grad-CAM (1). */
export function createMix(root: HTMLElement, actions: Actions): Component {
  const slider = h('input', { type: 'range', id: 'alpha', min: 0, max: 1, step: 0.01, list: 'alpha-ticks' });
  const number = h('input', {
    type: 'number',
    id: 'alpha-number',
    min: 0,
    max: 1,
    step: 0.01,
    'aria-label': 'Alpha as a number',
  });
  // The other control follows at once, not with the next frame: a key pressed in between must move on from this value.
  const set = (input: HTMLInputElement, other: HTMLInputElement): void => {
    const value = input.valueAsNumber;
    if (!(value >= 0 && value <= 1)) return;
    other.valueAsNumber = value;
    actions.set({ alpha: value });
  };
  slider.addEventListener('input', () => set(slider, number));
  number.addEventListener('input', () => set(number, slider));
  const row = h(
    'div',
    { class: 'mix-row' },
    h(
      'label',
      { for: 'alpha' },
      h('span', { class: 'symbol' }, 'α'),
      h('span', { class: 'visually-hidden' }, ' alpha: mix of LayerCAM and Grad-CAM'),
    ),
    h('span', { class: 'end' }, 'LayerCAM'),
    slider,
    h('span', { class: 'end' }, 'Grad-CAM'),
    number,
  );
  root.append(row);
  return {
    update({ state }) {
      const applies = state.method === 'hybrid' || state.method === 'cross-layer-hybrid';
      slider.disabled = !applies;
      number.disabled = !applies;
      if (slider.valueAsNumber !== state.alpha) slider.valueAsNumber = state.alpha;
      if (document.activeElement !== number && number.valueAsNumber !== state.alpha)
        number.valueAsNumber = state.alpha;
      slider.setAttribute('aria-valuetext', `${state.alpha}: ${mixInWords(state.alpha)}`);
    },
  };
}

function mixInWords(alpha: number): string {
  if (alpha === 0) return 'LayerCAM alone';
  if (alpha === 1) return 'Grad-CAM alone';
  return `${Math.round(100 * alpha)} % Grad-CAM`;
}
