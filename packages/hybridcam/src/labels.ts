import { basename } from 'node:path';
import { OptionError } from '@hybridcam/core';
import { readBytes } from './read-bytes.ts';

/** A label file holds names; the largest public vocabularies stay below 2 MB. */
const MAX_LABEL_BYTES = 16 * 1024 * 1024;
/** Characters of a wrong entry that a message repeats. */
const LONGEST_RECEIVED = 200;

/**
 * Class names from a file: one per line (line i, from 0, names class i), or JSON: an array of names, or an object from
 * index to name. A JSON entry may itself be an array whose last item is the name, as in ImageNet's `["n02123045", "tabby"]`.
 *
 * @throws OptionError naming the line or entry that is not a name
 */
export async function readLabels(
  path: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string[]> {
  const bytes = await readBytes(path, 'labels', { maxBytes: MAX_LABEL_BYTES, signal });
  return parseLabels(bytes, basename(path));
}

/** The same from bytes; `name` is for messages. */
export function parseLabels(bytes: Uint8Array, name: string): string[] {
  const labels = looksLikeJson(bytes) ? fromJson(bytes, name) : fromLines(bytes, name);
  if (labels.length === 0)
    throw new OptionError(`labels: expected one name per class; "${name}" holds none.`);
  return labels;
}

/**
 * The labels, when there is one per class.
 * @throws OptionError with both counts, and the reason where it is the usual one
 */
export function checkLabelCount(labels: readonly string[], classCount: number): readonly string[] {
  if (labels.length === classCount) return labels;
  const reason =
    Math.abs(labels.length - classCount) === 1
      ? ' Does one of them have an extra background class?'
      : ' Is this the label file of this model?';
  throw new OptionError(
    `labels: expected ${classCount} names, one per class of the model; received ${labels.length}.${reason}`,
  );
}

/** Whether the first character behind white space, and a byte order mark, begins an array or an object. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !' \t\r\n\u00ef\u00bb\u00bf'.includes(String.fromCharCode(byte)));
  return first === 0x5b || first === 0x7b;
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OptionError(`labels: expected UTF-8 text; "${name}" is not. Save it as UTF-8.`, { cause });
  }
}

/** Each line by itself: as pieces of the whole text, labels would keep that too. */
function fromLines(bytes: Uint8Array, name: string): string[] {
  const labels: string[] = [];
  let gap: number | undefined;
  let number = 0;
  for (const line of linesOf(bytes)) {
    number++;
    const label = decoded(line, name).trim();
    if (label === '') gap ??= number;
    else if (gap === undefined) labels.push(label);
    else
      throw new OptionError(
        `labels: expected a name on every line; line ${gap} of "${name}" is empty. A gap would shift every class behind it.`,
      );
  }
  return labels;
}

const [NEWLINE, RETURN] = [10, 13];

/** What stands between CR LF, LF or CR, which are never a part of another character of UTF-8. */
function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let end = 0; end < bytes.length; end++) {
    if (bytes[end] !== NEWLINE && bytes[end] !== RETURN) continue;
    yield bytes.subarray(start, end);
    if (bytes[end] === RETURN && bytes[end + 1] === NEWLINE) end++;
    start = end + 1;
  }
  yield bytes.subarray(start);
}

function fromJson(bytes: Uint8Array, name: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoded(bytes, name));
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    throw new OptionError(`labels: expected valid JSON; "${name}" is not (${(cause as Error).message}).`, {
      cause,
    });
  }
  const entries = Array.isArray(parsed) ? parsed : inIndexOrder(parsed as Record<string, unknown>, name);
  return entries.map((entry, index) => {
    const label = Array.isArray(entry) ? entry.at(-1) : entry;
    if (typeof label !== 'string' || label.trim() === '') {
      throw new OptionError(
        `labels: expected a name for class ${index} in "${name}"; received ${JSON.stringify(entry).slice(0, LONGEST_RECEIVED)}.`,
      );
    }
    return label.trim();
  });
}

function inIndexOrder(object: Record<string, unknown>, name: string): unknown[] {
  const count = Object.keys(object).length;
  const entries: unknown[] = [];
  // No callback: an error keeps what the functions of its stack enclose.
  for (let index = 0; index < count; index++) {
    if (!Object.hasOwn(object, String(index))) {
      throw new OptionError(
        `labels: expected keys 0 to ${count - 1} in "${name}"; "${index}" is missing. A JSON array of names works too.`,
      );
    }
    entries.push(object[index]);
  }
  return entries;
}
