/** An incremental SHA-256, as Node's own and noble's are. */
export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** Whether a whole hash is the recorded one, of which only the beginning may be known. */
export function isRecordedHash(sha256: string, recorded: string): boolean {
  return recorded.length >= 8 && sha256.startsWith(recorded);
}

/** For messages: the hash, or as much of it as is known. */
export function hashText(recorded: string): string {
  return recorded.length === 64 ? recorded : `${recorded}…`;
}
