/**
 * Runs asynchronous tasks one after the other. Sessions in WebAssembly refuse a second call while one is running, and a
 * session must not be released under a run.
 */
export type SerialQueue = <T>(task: () => Promise<T>) => Promise<T>;

export function createSerialQueue(): SerialQueue {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  };
}
