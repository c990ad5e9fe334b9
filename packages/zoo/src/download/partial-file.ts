/** The part of a file that has arrived so far; it outlives the process. */
export interface PartialFile {
  readonly size: number;
  /** Everything that is there, in order. */
  read(): AsyncIterable<Uint8Array>;
  append(bytes: Uint8Array): Promise<void>;
  clear(): Promise<void>;
}
