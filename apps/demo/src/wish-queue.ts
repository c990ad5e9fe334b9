/** One step at a time, in the order of the wishes; of those that wait only the newest is carried out. */
export interface WishQueue {
  /** Settled when this wish is carried out, has failed or was overtaken. It never rejects: `onFailure` tells. */
  add(step: (isCurrent: () => boolean) => Promise<void>): Promise<void>;
  /** Settled when no wish is open any more. */
  idle(): Promise<void>;
}

/** @param onFailure called for the newest wish only: what an overtaken one met is of no interest any more */
export function createWishQueue(onFailure: (error: unknown) => void): WishQueue {
  let newest = 0;
  let queue: Promise<void> = Promise.resolve();
  return {
    add(step) {
      const own = ++newest;
      const isCurrent = () => own === newest;
      queue = queue.then(async () => {
        if (!isCurrent()) return;
        try {
          await step(isCurrent);
        } catch (error) {
          if (isCurrent()) onFailure(error);
        }
      });
      return queue;
    },
    async idle() {
      for (let last: Promise<void> | undefined; last !== queue; ) {
        last = queue;
        await last;
      }
    },
  };
}
