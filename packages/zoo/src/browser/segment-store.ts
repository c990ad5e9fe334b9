/** Pieces of a file that a browser keeps, numbered from 0. A piece is either there whole or not at all. */
export interface SegmentStore {
  /** For messages and results. */
  readonly kind: 'opfs' | 'cache' | 'memory';
  sizes(): Promise<number[]>;
  get(index: number): Promise<Uint8Array>;
  put(index: number, bytes: Uint8Array): Promise<void>;
  clear(): Promise<void>;
}

/** The origin-private file system: a folder per file. */
export async function opfsStore(fileName: string): Promise<SegmentStore> {
  const root = await navigator.storage.getDirectory();
  const parent = await root.getDirectoryHandle('hybridcam', { create: true });
  const folder = (create: boolean): Promise<FileSystemDirectoryHandle> =>
    parent.getDirectoryHandle(fileName, { create });
  // Looking for a file leaves nothing behind.
  const read = async (index: number): Promise<File> =>
    (await (await folder(false)).getFileHandle(String(index))).getFile();
  return {
    kind: 'opfs',
    async sizes() {
      const sizes: number[] = [];
      for (let index = 0; ; index++) {
        const file = await read(index).catch(() => undefined);
        // A piece whose tab died before it was closed is an empty file.
        if (file === undefined || file.size === 0) return sizes;
        sizes.push(file.size);
      }
    },
    async get(index) {
      return new Uint8Array(await (await read(index)).arrayBuffer());
    },
    async put(index, bytes) {
      const handle = await (await folder(true)).getFileHandle(String(index), { create: true });
      const writable = await handle.createWritable();
      try {
        await writable.write(bytes as Uint8Array<ArrayBuffer>);
        await writable.close();
      } catch (error) {
        await writable.abort().catch(() => {});
        await (await folder(true)).removeEntry(String(index)).catch(() => {});
        throw error;
      }
    },
    clear: () => parent.removeEntry(fileName, { recursive: true }).catch(() => {}),
  };
}

/** The Cache API, where there is no private file system. Keys are addresses that nobody can fetch. */
export async function cacheStore(fileName: string): Promise<SegmentStore> {
  const cache = await caches.open('hybridcam');
  const key = (index: number): string => `https://hybridcam.invalid/${fileName}/${index}`;
  const get = async (index: number): Promise<Uint8Array | undefined> => {
    const response = await cache.match(key(index));
    return response && new Uint8Array(await response.arrayBuffer());
  };
  return {
    kind: 'cache',
    async sizes() {
      const sizes: number[] = [];
      for (let index = 0; ; index++) {
        const bytes = await get(index);
        if (bytes === undefined) return sizes;
        sizes.push(bytes.length);
      }
    },
    get: async (index) => (await get(index)) ?? new Uint8Array(),
    put: (index, bytes) => cache.put(key(index), new Response(bytes as Uint8Array<ArrayBuffer>)),
    async clear() {
      for (let index = 0; await cache.delete(key(index)); index++);
    },
  };
}

/** Where nothing can be kept (private windows, no room): good until the page closes. */
export function memoryStore(): SegmentStore {
  let segments: Uint8Array[] = [];
  return {
    kind: 'memory',
    sizes: async () => segments.map(({ length }) => length),
    get: async (index) => segments[index]!,
    async put(index, bytes) {
      segments[index] = bytes;
    },
    async clear() {
      segments = [];
    },
  };
}
