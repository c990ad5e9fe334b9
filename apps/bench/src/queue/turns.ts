/**
 * What a worker has in hand at once. A shard whose worker died before is suspected of having killed it, and runs with nothing beside it in
 * the process: if it kills again it takes no other down, and a mere neighbour of the culprit gets through.
 */
export interface Turns {
  /**
   * Runs `work`: beside others, or a suspect one when those are done. undefined while a suspect one is in hand: even one that only waited
   * here would go down with it, so its place is on the queue.
   */
  take<T>(suspect: boolean, work: () => Promise<T>): Promise<T> | undefined;
}

export function createTurns(): Turns {
  const inHand = new Set<Promise<void>>();
  let hasSuspect = false;
  return {
    take(suspect, work) {
      if (hasSuspect) return undefined;
      hasSuspect = suspect;
      const done = Promise.all(suspect ? inHand : []).then(work);
      const end = () => {
        inHand.delete(ended);
        if (suspect) hasSuspect = false;
      };
      const ended: Promise<void> = done.then(end, end);
      inHand.add(ended);
      return done;
    },
  };
}
