import type { Actions, Component } from '../view.ts';
import { h } from './dom.ts';

const kinds = [
  ['overlay', 'Picture (PNG)'],
  ['sheet', 'Sheet (PNG)'],
  ['npy', 'Raw map (.npy)'],
  ['record', 'Record (JSON)'],
  ['link', 'Copy link'],
  ['code', 'Copy as code'],
] as const;

/** Ways out. */
export function createTake(root: HTMLElement, actions: Actions): Component {
  const status = h('p', { class: 'hint', role: 'status', id: 'take-status' });
  const buttons = kinds.map(([kind, title]) => {
    const button = h('button', { type: 'button', id: `save-${kind}` }, title);
    button.addEventListener('click', () => {
      status.textContent = '';
      actions.save(kind, (text) => {
        status.textContent = text;
      });
    });
    return button;
  });
  root.append(
    h(
      'p',
      { class: 'hint' },
      'A link holds every setting, never the picture. The record says exactly how the map was made.',
    ),
    h('div', { class: 'actions' }, ...buttons),
    status,
  );
  return {
    update({ evidence, source }) {
      for (const button of buttons) button.disabled = evidence === undefined || source === 'shipped';
    },
  };
}
