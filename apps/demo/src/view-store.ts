import type { Component, View } from './view.ts';

/** What the page shows. A change is there at once for whoever reads it, and drawn with the next frame. */
export interface ViewStore {
  readonly view: View;
  show(change: Partial<View>): void;
}

export interface DrawnParts {
  /** What the visitor looks at and moves: drawn with the frame itself. */
  readonly near: readonly Component[];
  /** The rest: drawn in tasks of its own after the frame, so that neither is long. */
  readonly far: readonly Component[];
}

/** Milliseconds after which drawing the rest makes way for whatever else the page has to do. */
const sliceMs = 8;

/** @param parts asked for when there is something to draw; each is updated with the newest view at most once a frame */
export function createViewStore(initial: View, parts: () => DrawnParts): ViewStore {
  let view = initial;
  let isFrameQueued = false;
  /** What the near parts show, and the far ones come to. */
  let drawn = initial;
  /** Goes round, so that frames that keep coming leave no part out. */
  let next = 0;
  let left = 0;
  let isSliceQueued = false;

  const drawFrame = (): void => {
    isFrameQueued = false;
    drawn = view;
    const { near, far } = parts();
    for (const part of near) part.update(drawn);
    left = far.length;
    if (isSliceQueued) return;
    isSliceQueued = true;
    setTimeout(drawSlice);
  };
  const drawSlice = (): void => {
    const { far } = parts();
    const end = performance.now() + sliceMs;
    try {
      while (left > 0 && performance.now() < end) {
        const part = far[next]!;
        next = (next + 1) % far.length;
        left--;
        part.update(drawn);
      }
    } finally {
      // A part that cannot draw itself keeps none of the others from it.
      isSliceQueued = left > 0;
      if (isSliceQueued) setTimeout(drawSlice);
      // Whoever waits for the mark to go sees the finished page, and not one that is already out of date.
      else if (drawn === view && view.busy === undefined) document.body.removeAttribute('data-busy');
    }
  };

  return {
    get view() {
      return view;
    },
    show(change) {
      view = { ...view, ...change };
      if (view.busy !== undefined) document.body.setAttribute('data-busy', '');
      if (isFrameQueued) return;
      isFrameQueued = true;
      requestAnimationFrame(drawFrame);
    },
  };
}
