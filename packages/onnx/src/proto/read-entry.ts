import type { WireReader } from './wire-reader.ts';

/** A StringStringEntryProto: one pair of metadata or of external data. */
export function readEntry(reader: WireReader, out: Map<string, string>): void {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.string();
  }
  out.set(key, value);
}
