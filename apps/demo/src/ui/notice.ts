import type { Component } from '../view.ts';
import { setText } from './dom.ts';

/** What went wrong, in words; and, while something is being done, the page's busy mark. */
export function createNotice(root: HTMLElement): Component {
  return {
    update({ problem, busy, source }) {
      root.hidden = problem === undefined;
      setText(root, problem ?? '');
      document.body.toggleAttribute('data-busy', busy !== undefined);
      document.body.dataset['source'] = source;
    },
  };
}
