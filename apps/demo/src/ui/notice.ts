import { type Actions, type Component, isStranded } from '../view.ts';
import { h, setText } from './dom.ts';

/** What went wrong, in words, and the way out where there is no other. */
export function createNotice(root: HTMLElement, actions: Actions): Component {
  const words = h('p');
  const retry = h('button', { type: 'button', id: 'retry', onclick: actions.retry }, 'Try again');
  root.append(words, retry);
  return {
    update(view) {
      const { problem, source } = view;
      const isStuck = isStranded(view);
      root.hidden = problem === undefined;
      retry.hidden = !isStuck;
      setText(words, `${isStuck ? 'The network could not be started. ' : ''}${problem ?? ''}`);
      document.body.dataset['source'] = source;
    },
  };
}
