/** Browsers stop listening to a page that changes its address more often than about seven times a second. */
const leastInterval = 200;

/** Keeps the part of the address after `#` up to date: the first change at once, those of a moving slider together. */
export function createAddress(hash: () => string): { write(): void } {
  let timer: number | undefined;
  let isStale = false;
  const write = (): void => {
    if (timer !== undefined) {
      isStale = true;
      return;
    }
    history.replaceState(null, '', `#${hash()}`);
    isStale = false;
    timer = window.setTimeout(() => {
      timer = undefined;
      if (isStale) write();
    }, leastInterval);
  };
  return { write };
}
