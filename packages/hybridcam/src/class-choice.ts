import { ClassNotFoundError, didYouMean, OptionError } from '@hybridcam/core';

/** Which classes of an image to explain: the N best ones, or one that the caller names. */
export type ClassChoice =
  | { readonly kind: 'top'; readonly count: number }
  | { readonly kind: 'index'; readonly index: number };

/** What a message says about the place where a class is named. */
export interface ClassPlace {
  /** The option or flag. Default: `class`. */
  readonly where?: string;
  /** Whether `top1` to `topN` can stand there too. Default: true. */
  readonly ranks?: boolean;
}

/**
 * Reads `top1`, `top5`, an index from 0, or a label. A label matches whatever its case, with spaces or underscores, alone
 * or as one of the comma-separated names of its class, with or without a WordNet number before it.
 *
 * @throws OptionError for `top0` and for more than there are classes; ClassNotFoundError for an index or label there is not, with the labels that hold its words, else the nearest
 * @example parseClassChoice('Tiger cat', 1000, labels) // { kind: 'index', index: 282 }
 */
export function parseClassChoice(
  text: string,
  classCount: number,
  labels: readonly string[] | undefined,
): ClassChoice {
  const top = /^top(\d+)$/i.exec(text);
  if (top) {
    const count = Number(top[1]);
    if (count < 1 || count > classCount) {
      throw new OptionError(
        `class: expected top1 to top${classCount}, as many as the model has classes; received "${text}".`,
      );
    }
    return { kind: 'top', count };
  }
  return { kind: 'index', index: findClass(text, classCount, labels) };
}

/**
 * One class, by an index from 0 or a label as `parseClassChoice` reads it.
 * @throws ClassNotFoundError for an index or label there is not, with the labels that hold its words, else the nearest
 * @example findClass('Egyptian cat', 1000, labels) // 285
 */
export function findClass(
  text: string,
  classCount: number,
  labels: readonly string[] | undefined,
  place: ClassPlace = {},
): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const index = Number(text);
    if (!Number.isInteger(index) || index < 0 || index >= classCount) {
      const { where = 'class' } = place;
      throw new ClassNotFoundError(
        `${where}: expected an index from 0 to ${classCount - 1}; received ${text}.`,
      );
    }
    return index;
  }
  return findLabel(text, labels, place);
}

/**
 * The index of the one class a label means.
 * @throws ClassNotFoundError where none or several match
 */
export function findLabel(
  wanted: string,
  labels: readonly string[] | undefined,
  { where = 'class', ranks = true }: ClassPlace = {},
): number {
  if (labels === undefined) {
    throw new ClassNotFoundError(
      `${where}: expected ${ranks ? 'top1, topN or ' : ''}an index, because the model came without labels; received "${wanted}". Give the labels to use names.`,
    );
  }
  const needle = spoken(wanted);
  const whole = labels.flatMap((label, index) => (spoken(label) === needle ? [index] : []));
  const matches =
    whole.length > 0
      ? whole
      : labels.flatMap((label, index) => (synonyms(label).includes(needle) ? [index] : []));
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) {
    const list = matches.slice(0, 5).map((index) => `${index} ("${labels[index]}")`);
    throw new ClassNotFoundError(
      `${where}: expected one class; "${wanted}" names ${matches.length}: ${list.join(', ')}. Give the index.`,
    );
  }
  throw new ClassNotFoundError(
    `${where}: expected ${ranks ? 'top1, topN, ' : ''}an index from 0 to ${labels.length - 1} or a label; received "${wanted}".${candidates(needle, labels)}`,
  );
}

/**
 * The classes with a name in which each word asked for begins a word, with their indices; where there is none, the nearest names.
 * (`searchClasses` of the zoo finds more, but loads the zoo.)
 */
function candidates(needle: string, labels: readonly string[]): string {
  const words = needle.split(/[\s,-]+/).filter((word) => word !== '');
  const holds = (name: string) => words.every((word) => ` ${name.replaceAll('-', ' ')}`.includes(` ${word}`));
  const found = words.length === 0 ? [] : [...labels.keys()].filter((i) => synonyms(labels[i]!).some(holds));
  if (found.length === 0) return didYouMean(needle, labels.flatMap(synonyms));
  const shown = found.slice(0, 8).map((index) => `${index} ("${labels[index]}")`);
  const rest = found.length > shown.length ? ` and ${found.length - shown.length} more` : '';
  return ` ${found.length === 1 ? 'One class has' : `${found.length} classes have`} that in the name: ${shown.join(', ')}${rest}.`;
}

function spoken(label: string): string {
  return label.normalize('NFC').toLowerCase().replaceAll('_', ' ').trim();
}

/** `n02123045_tabby, tabby_cat` → [`tabby`, `tabby cat`, and the label without its WordNet number]. */
function synonyms(label: string): string[] {
  const bare = spoken(label).replace(/^n\d{8}\s+/, '');
  const parts = bare.split(',').map((part) => part.trim());
  return parts.length > 1 ? [...parts.filter((part) => part !== ''), bare] : [bare];
}
