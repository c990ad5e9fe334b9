import { ClassNotFoundError, OptionError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { assertClassIndices } from './target.ts';
import { topClasses } from './top-classes.ts';

/** An index from 0, `top1` (highest score), `top2` (second highest) …, or a label. */
export type ClassSelector = number | string;

/**
 * The index of the class a selector means for these scores [classes]. Labels match exactly, else ignoring case where that is
 * unique; a label that looks like `top1` or an index in digits is reached by its index only.
 * @throws ClassNotFoundError naming near labels
 * @example resolveClass('tabby', scores, labels)
 */
export function resolveClass(
  selector: ClassSelector,
  scores: ArrayLike<number>,
  labels?: readonly string[] | undefined,
): number {
  const where = 'resolveClass';
  if (typeof selector === 'number' || /^\d+$/.test(selector)) {
    const index = Number(selector);
    assertClassIndices(where, [index], scores.length);
    return index;
  }
  const rank = /^top(\d+)$/.exec(selector);
  if (rank) {
    const position = Number(rank[1]);
    if (position < 1 || position > scores.length) {
      throw new ClassNotFoundError(`${where}: expected top1 to top${scores.length}; received ${selector}.`);
    }
    return topClasses(scores, position)[position - 1]!;
  }
  return findLabel(selector, labels);
}

/** @throws OptionError unless the selector could mean a class at all: callable before there are scores */
export function assertClassSelector(where: string, selector: ClassSelector): void {
  const valid =
    typeof selector === 'string' ? selector.length > 0 : Number.isInteger(selector) && selector >= 0;
  if (!valid) {
    throw new OptionError(
      `${where}: expected a class index ≥ 0, top1, top2 … or a label; received ${selector}.`,
    );
  }
}

function findLabel(label: string, labels: readonly string[] | undefined): number {
  if (labels === undefined) {
    throw new ClassNotFoundError(
      `resolveClass: expected a class index or top1, since the model has no labels; received "${label}". Give labels to use names.`,
    );
  }
  const folded = label.toLowerCase();
  const exact = indicesWhere(labels, (candidate) => candidate === label);
  const matches =
    exact.length > 0 ? exact : indicesWhere(labels, (candidate) => candidate.toLowerCase() === folded);
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) {
    throw new ClassNotFoundError(
      `resolveClass: expected a label of one class; received "${label}", the label of classes ${matches.join(', ')}. Give the index.`,
    );
  }
  throw new ClassNotFoundError(
    `resolveClass: expected one of ${labels.length} labels; received "${label}".${didYouMean(label, labels)}`,
  );
}

function indicesWhere(labels: readonly string[], test: (label: string) => boolean): number[] {
  return labels.flatMap((label, index) => (test(label) ? [index] : []));
}
