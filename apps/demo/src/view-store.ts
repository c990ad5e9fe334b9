import type { View } from './view.ts';

/** What the page shows. A change is there at once for whoever reads it, and drawn with the next frame. */
export interface ViewStore {
  readonly view: View;
  show(change: Partial<View>): void;
}

/** @param draw called at most once a frame, with the newest view */
export function createViewStore(initial: View, draw: (view: View) => void): ViewStore {
  let view = initial;
  let drawQueued = false;
  return {
    get view() {
      return view;
    },
    show(change) {
      view = { ...view, ...change };
      // Set at once and taken off when everything is drawn: whoever waits for it sees the finished page.
      if (view.busy !== undefined) document.body.setAttribute('data-busy', '');
      if (drawQueued) return;
      drawQueued = true;
      requestAnimationFrame(() => {
        drawQueued = false;
        draw(view);
      });
    },
  };
}
