import type { PartialFile } from '../download/partial-file.ts';
import { memoryStore, type SegmentStore } from './segment-store.ts';

/** Bytes per piece: what a closed tab can lose. */
const SEGMENT = 4 * 1024 * 1024;

/** A partial file in pieces. When the browser has no room left it goes on in memory, and `kind` says so. */
export interface SegmentPartial extends PartialFile {
  readonly kind: SegmentStore['kind'];
  /** Writes what has not filled a piece. */
  flush(): Promise<void>;
  /** The whole file in one array. */
  bytes(): Promise<Uint8Array>;
}

export async function segmentPartial(
  start: SegmentStore,
  segmentBytes: number = SEGMENT,
): Promise<SegmentPartial> {
  let store = start;
  let sizes = await store.sizes();
  // Only the last piece may be short: another one means that pieces of two versions lie here.
  if (sizes.slice(0, -1).some((size) => size !== segmentBytes) || (sizes.at(-1) ?? 0) > segmentBytes) {
    await store.clear();
    sizes = [];
  }
  // A short last piece is taken back, to be written again when it is full.
  const last = new Uint8Array(segmentBytes);
  let filled = (sizes.at(-1) ?? segmentBytes) % segmentBytes;
  let count = filled > 0 ? sizes.length - 1 : sizes.length;
  if (filled > 0) last.set(await store.get(count));
  const put = async (bytes: Uint8Array): Promise<void> => {
    try {
      await store.put(count, bytes);
    } catch {
      // No room, or storage taken away: the file is small enough for memory, and the user waits for it.
      const memory = memoryStore();
      for (let index = 0; index < count; index++) await memory.put(index, await store.get(index));
      await memory.put(count, bytes);
      await store.clear();
      store = memory;
    }
  };
  const size = (): number => count * segmentBytes + filled;
  async function* read(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < count; index++) yield await store.get(index);
    if (filled > 0) yield last.subarray(0, filled);
  }
  return {
    get kind() {
      return store.kind;
    },
    get size() {
      return size();
    },
    read,
    async append(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const take = Math.min(segmentBytes - filled, bytes.length - at);
        last.set(bytes.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled < segmentBytes) continue;
        await put(last.slice());
        count++;
        filled = 0;
      }
    },
    async clear() {
      await store.clear();
      count = 0;
      filled = 0;
    },
    async flush() {
      if (filled > 0) await put(last.slice(0, filled));
    },
    async bytes() {
      const whole = new Uint8Array(size());
      let at = 0;
      for await (const bytes of read()) {
        whole.set(bytes, at);
        at += bytes.length;
      }
      return whole;
    },
  };
}
