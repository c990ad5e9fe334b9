import { exampleScenes } from '@hybridcam/scenes';
import type { Actions, Component } from '../view.ts';
import { h } from './dom.ts';

/** The bundled samples, one button each. */
export function createGallery(root: HTMLElement, actions: Actions): Component {
  const buttons = exampleScenes.map(({ name }) => {
    const title = name.replaceAll('-', ' ');
    const image = h('img', {
      src: `samples/${name}.png`,
      alt: title,
      width: 96,
      height: 96,
      loading: 'eager',
    });
    const button = h('button', { type: 'button', class: 'thumbnail', title }, image);
    button.addEventListener('click', () => actions.set({ picture: name }));
    return { name, button };
  });
  root.append(...buttons.map(({ button }) => button));
  return {
    update({ state }) {
      for (const { name, button } of buttons)
        button.setAttribute('aria-pressed', String(state.picture === name));
    },
  };
}
