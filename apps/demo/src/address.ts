/** Browsers stop listening to a page that changes its address more often than some seven times a second, and each change costs them a frame. */
const restMs = 200;

/** Keeps the part of the address after `#` up to date: a change after a rest at once, those of a moving slider when it rests. */
export function createAddress(hash: () => string): { write(): void } {
  let timer: number | undefined;
  let isStale = false;
  const write = (): void => {
    history.replaceState(null, '', `#${hash()}`);
    isStale = false;
  };
  const rest = (): void => {
    timer = undefined;
    if (isStale) write();
  };
  return {
    write() {
      if (timer === undefined) write();
      else {
        clearTimeout(timer);
        isStale = true;
      }
      timer = window.setTimeout(rest, restMs);
    },
  };
}
