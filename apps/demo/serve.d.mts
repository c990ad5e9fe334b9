export interface ServeOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Send the headers that allow threads. Default: true. */
  readonly isolated?: boolean;
}

/** Serves a folder on the loopback address. */
export function serve(
  folder: string,
  options?: ServeOptions,
): Promise<{ readonly url: string; close(): Promise<void> }>;
