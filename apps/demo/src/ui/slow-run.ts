import { isSlow } from '../text/method-facts.ts';
import type { Actions, Component } from '../view.ts';
import { h, setText } from './dom.ts';

/** Runs a method that needs the network many times, shows how far it is, and cancels it. */
export function createSlowRun(actions: Actions, id: string): Component & { readonly element: HTMLElement } {
  const button = h('button', { type: 'button', id }, 'Run it');
  const bar = h('progress', { 'aria-label': 'Passes of the network', hidden: true });
  const count = h('span', { class: 'hint' });
  const element = h('div', { class: 'actions', hidden: true }, button, bar, count);
  let running = false;
  button.addEventListener('click', () => (running ? actions.cancel() : actions.runSlowMethod()));
  return {
    element,
    update({ state, slowRun, evidence, source, busy }) {
      element.hidden = !isSlow(state.method, evidence?.costs);
      running = slowRun !== undefined;
      button.disabled = evidence === undefined || source === 'shipped' || busy !== undefined;
      const isThere = evidence?.other?.method === state.method && evidence.other.map !== undefined;
      setText(button, running ? 'Cancel' : isThere ? 'Run it again' : 'Run it');
      bar.hidden = !running;
      if (slowRun?.total !== undefined) bar.max = slowRun.total;
      if (slowRun) bar.value = slowRun.done;
      setText(
        count,
        slowRun ? `${slowRun.done}${slowRun.total === undefined ? '' : ` of ${slowRun.total}`}` : '',
      );
    },
  };
}
