import type { View } from './view.ts';

/** What the page shows. A change is there at once for whoever reads it, and drawn with the next frame. */
export interface ViewStore {
  readonly view: View;
  show(change: Partial<View>): void;
}

/**
 * @param draw called with the newest view at most once a frame, in this order: what the visitor looks at with the frame itself, the
 * rest in a task of its own after it, so that neither is long
 */
export function createViewStore(initial: View, draw: readonly [Draw, Draw]): ViewStore {
  let view = initial;
  let drawQueued = false;
  const drawAll = (): void => {
    drawQueued = false;
    const drawn = view;
    draw[0](drawn);
    setTimeout(() => {
      draw[1](drawn);
      // Whoever waits for the mark to go sees the finished page, and not one that is already out of date.
      if (drawn === view && view.busy === undefined) document.body.removeAttribute('data-busy');
    });
  };
  return {
    get view() {
      return view;
    },
    show(change) {
      view = { ...view, ...change };
      if (view.busy !== undefined) document.body.setAttribute('data-busy', '');
      if (drawQueued) return;
      drawQueued = true;
      requestAnimationFrame(drawAll);
    },
  };
}

type Draw = (view: View) => void;
