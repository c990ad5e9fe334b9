import { plainText } from './plain-text.ts';
import { displayWidth, fit } from './text-layout.ts';

/** Says what is going on while nothing is finished. Everything on stderr: stdout carries results only. */
export interface Progress {
  /** Replaces what is shown. */
  show(text: string): void;
  /** Removes it, before a result is printed. */
  clear(): void;
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** On a terminal one line that rewrites itself; in a log one line per step; with `quiet` nothing. */
export function createProgress(stream: ProgressStream, options: { readonly quiet: boolean }): Progress {
  if (options.quiet) return { show() {}, clear() {} };
  if (!stream.isTTY) {
    return {
      show: (text) => void stream.write(`${plainText(text)}\n`),
      clear() {},
    };
  }
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[2K');
    shown = false;
  };
  return {
    show(text) {
      const columns = (stream.columns ?? 80) - 1;
      const plain = plainText(text);
      clear();
      stream.write(displayWidth(plain) > columns ? fit(plain, columns) : plain);
      shown = true;
    },
    clear,
  };
}
