import { basename } from 'node:path';
import { OptionError } from '@hybridcam/core';
import { readBytes } from './read-bytes.ts';

/** A label file holds names; the largest public vocabularies stay below 2 MB. */
const MAX_LABEL_BYTES = 16 * 1024 * 1024;

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
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OptionError(`labels: expected UTF-8 text; "${name}" is not. Save it as UTF-8.`, { cause });
  }
  const first = text.trimStart()[0];
  const labels = first === '[' || first === '{' ? fromJson(text, name) : fromLines(text, name);
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

function fromLines(text: string, name: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  const empty = lines.indexOf('');
  if (empty >= 0) {
    throw new OptionError(
      `labels: expected a name on every line; line ${empty + 1} of "${name}" is empty. A gap would shift every class behind it.`,
    );
  }
  return lines;
}

function fromJson(text: string, name: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new OptionError(`labels: expected valid JSON; "${name}" is not (${(cause as Error).message}).`, {
      cause,
    });
  }
  const entries = Array.isArray(parsed) ? parsed : inIndexOrder(parsed as Record<string, unknown>, name);
  return entries.map((entry, index) => {
    const label = Array.isArray(entry) ? entry.at(-1) : entry;
    if (typeof label !== 'string' || label.trim() === '') {
      throw new OptionError(
        `labels: expected a name for class ${index} in "${name}"; received ${JSON.stringify(entry)}.`,
      );
    }
    return label.trim();
  });
}

function inIndexOrder(object: Record<string, unknown>, name: string): unknown[] {
  const keys = Object.keys(object);
  return keys.map((_, index) => {
    if (!Object.hasOwn(object, String(index))) {
      throw new OptionError(
        `labels: expected keys 0 to ${keys.length - 1} in "${name}"; "${index}" is missing. A JSON array of names works too.`,
      );
    }
    return object[index];
  });
}
