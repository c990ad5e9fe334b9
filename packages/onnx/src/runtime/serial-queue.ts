/**
 * Runs asynchronous tasks one after the other. Sessions in WebAssembly refuse a second call while one is running, and a
 * session must not be released under a run.
 */
export type SerialQueue = <T>(task: () => Promise<T>) => Promise<T>;

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> | undefined;
  return (task) => {
    // Nothing is waited for where nothing runs: a task of a few milliseconds would notice.
    const result = last === undefined ? task() : last.then(task);
    const end = (): void => {
      if (last === ended) last = undefined;
    };
    const ended = result.then(end, end);
    last = ended;
    return result;
  };
}
