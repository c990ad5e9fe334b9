import { ModelFormatError } from '@hybridcam/core';
import { byteReader } from './byte-reader.ts';
import { CHECKPOINT_LIMITS } from './limits.ts';

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end record is 22 bytes and a comment of at most 65535. */
const END_SEARCH = 22 + 65535;

/**
 * The entries of a zip archive whose members are stored without compression, as `torch.save` writes them; views, not copies.
 *
 * Strict, because scanners and loaders that disagree about a zip are how attacks hide: local headers must repeat the central
 * directory, names must be unique, plain and relative, members must not overlap, nothing may be compressed or encrypted.
 * @throws ModelFormatError with the offset
 */
export function readStoredZip(bytes: Uint8Array, what: string): Map<string, Uint8Array> {
  const reader = byteReader(bytes, what);
  const fail = (message: string): never => {
    throw new ModelFormatError(`${what}: ${message} (near offset ${reader.offset}).`);
  };
  const directory = findDirectory(bytes, what);
  if (directory.count > CHECKPOINT_LIMITS.entries) fail(`${directory.count} zip entries exceed the limit`);
  const entries = new Map<string, Uint8Array>();
  const spans: [start: number, end: number][] = [];
  reader.seek(directory.offset);
  for (let i = 0; i < directory.count; i++) {
    if (reader.uint32() !== DIRECTORY_ENTRY) fail('expected a zip directory entry');
    reader.bytes(4);
    const flags = reader.uint16();
    const method = reader.uint16();
    reader.bytes(8);
    let compressed = reader.uint32();
    let size = reader.uint32();
    const nameLength = reader.uint16();
    const extraLength = reader.uint16();
    const commentLength = reader.uint16();
    reader.bytes(8);
    let headerOffset = reader.uint32();
    const name = reader.text(nameLength);
    const extra = zip64Fields(reader.bytes(extraLength), what);
    reader.bytes(commentLength);
    if (size === 0xffffffff) size = extra.shift() ?? fail(`zip64 size of "${name}" is missing`);
    if (compressed === 0xffffffff) compressed = extra.shift() ?? fail(`zip64 size of "${name}" is missing`);
    if (headerOffset === 0xffffffff)
      headerOffset = extra.shift() ?? fail(`zip64 offset of "${name}" is missing`);
    if (method !== 0 || compressed !== size)
      fail(`entry "${name}" is compressed; torch.save stores tensors as they are`);
    // Bit 0: encrypted, bit 6: strongly encrypted, bit 13: masked headers.
    if (flags & 0b0010_0000_0100_0001) fail(`entry "${name}" is encrypted`);
    if (!isPlainName(name)) fail(`entry name ${JSON.stringify(name)} is not a plain relative path`);
    if (entries.has(name)) fail(`entry "${name}" occurs twice`);
    const resume = reader.offset;
    reader.seek(headerOffset);
    if (reader.uint32() !== LOCAL_HEADER) fail(`entry "${name}" has no local header`);
    reader.bytes(4);
    if (reader.uint16() !== 0)
      fail(`entry "${name}" is stored in its directory and compressed in its header`);
    reader.bytes(16);
    const localNameLength = reader.uint16();
    const localExtraLength = reader.uint16();
    if (reader.text(localNameLength) !== name) fail(`entry "${name}" has another name in its local header`);
    reader.bytes(localExtraLength);
    const start = reader.offset;
    entries.set(name, reader.bytes(size));
    spans.push([headerOffset, start + size]);
    reader.seek(resume);
  }
  spans.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < spans.length; i++) {
    if (spans[i]![0] < spans[i - 1]![1]) fail('two zip entries overlap');
  }
  return entries;
}

function findDirectory(bytes: Uint8Array, what: string): { count: number; offset: number } {
  const reader = byteReader(bytes, what);
  const first = Math.max(0, bytes.length - END_SEARCH);
  for (let at = bytes.length - 22; at >= first; at--) {
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x4b) continue;
    reader.seek(at);
    if (reader.uint32() !== END_OF_DIRECTORY) continue;
    reader.bytes(6);
    const count = reader.uint16();
    reader.bytes(4);
    const offset = reader.uint32();
    if (reader.uint16() !== bytes.length - at - 22) continue;
    if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
    return findDirectory64(bytes, at, what);
  }
  throw new ModelFormatError(
    `${what}: expected a zip archive; found no end of directory. It is truncated or not a zip.`,
  );
}

function findDirectory64(bytes: Uint8Array, end: number, what: string): { count: number; offset: number } {
  const reader = byteReader(bytes, what);
  reader.seek(Math.max(0, end - 20));
  if (reader.uint32() !== LOCATOR_64) throw new ModelFormatError(`${what}: the zip64 locator is missing.`);
  reader.bytes(4);
  reader.seek(reader.uint64());
  if (reader.uint32() !== END_OF_DIRECTORY_64)
    throw new ModelFormatError(`${what}: the zip64 directory end is missing.`);
  reader.bytes(28);
  const count = reader.uint64();
  reader.uint64();
  return { count, offset: reader.uint64() };
}

/** The 64-bit values of a zip64 extra field, in the order in which the 32-bit fields overflowed. */
function zip64Fields(extra: Uint8Array, what: string): number[] {
  const reader = byteReader(extra, what);
  const values: number[] = [];
  while (reader.offset + 4 <= extra.length) {
    const id = reader.uint16();
    const field = reader.bytes(reader.uint16());
    if (id !== 1) continue;
    const inner = byteReader(field, what);
    while (inner.offset + 8 <= field.length) values.push(inner.uint64());
  }
  return values;
}

function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  if (name === '' || name.startsWith('/') || /[\u0000-\u001f\\:]/.test(name)) return false;
  return !name.split('/').includes('..');
}
