/**
 * Class names from a text file (one per line) or JSON (a list, or an object by index, as ImageNet's usual files).
 * Returned as a sentence instead of thrown: a model explains without names.
 */
export function readLabels(
  text: string,
  fileName: string,
  classCount: number,
): { labels: readonly string[] | undefined; problem: string | undefined } {
  const names = /\.json$/i.test(fileName) ? fromJson(text) : fromLines(text);
  if (names === undefined) {
    return { labels: undefined, problem: `${fileName} holds no list of names.` };
  }
  if (names.length !== classCount) {
    return {
      labels: undefined,
      problem: `${fileName} holds ${names.length} names, but the network has ${classCount} classes.`,
    };
  }
  return { labels: names, problem: undefined };
}

function fromLines(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1)?.trim() === '') lines.pop();
  return lines.map((line) => line.trim());
}

function fromJson(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return value.map(nameOf);
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = new Map(Object.entries(value));
  const names: string[] = [];
  for (let index = 0; index < entries.size; index++) {
    const entry = entries.get(String(index));
    if (entry === undefined) return undefined;
    names.push(nameOf(entry));
  }
  return names;
}

/** Some lists pair a WordNet id with the name. */
function nameOf(entry: unknown): string {
  return String(Array.isArray(entry) ? entry.at(-1) : entry);
}
