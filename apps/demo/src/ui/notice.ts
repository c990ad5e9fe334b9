import type { Component } from '../view.ts';
import { setText } from './dom.ts';

/** What went wrong, in words. */
export function createNotice(root: HTMLElement): Component {
  return {
    update({ problem, source }) {
      root.hidden = problem === undefined;
      setText(root, problem ?? '');
      document.body.dataset['source'] = source;
    },
  };
}
