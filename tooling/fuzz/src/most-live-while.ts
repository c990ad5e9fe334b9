import { collect } from './collect.ts';

/** Each look takes the time of a collection: after the first ones, most of the time is left to the parser. */
const FIRST_LOOKS = 5;
const REST = 8;

/**
 * The most memory that was alive at once while `run` ran, on the JavaScript heap and outside it, in bytes. Looked at where a parser has just
 * made something of its bytes: behind `JSON.parse` and `TextDecoder.decode`.
 */
export async function mostLiveWhile(run: () => Promise<unknown>): Promise<number> {
  const { parse } = JSON;
  const { decode } = TextDecoder.prototype;
  let [most, looks, next] = [0, 0, 0];
  const look = (): void => {
    const begun = performance.now();
    if (looks++ >= FIRST_LOOKS && begun < next) return;
    collect();
    const { heapUsed, external } = process.memoryUsage();
    most = Math.max(most, heapUsed + external);
    const ended = performance.now();
    next = ended + REST * (ended - begun);
  };
  JSON.parse = (...args) => {
    const value: unknown = parse(...args);
    look();
    return value;
  };
  TextDecoder.prototype.decode = function (...args) {
    const text = decode.apply(this, args);
    look();
    return text;
  };
  try {
    await run();
  } finally {
    JSON.parse = parse;
    TextDecoder.prototype.decode = decode;
  }
  return most;
}
