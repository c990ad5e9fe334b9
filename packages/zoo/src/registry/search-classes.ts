import { imagenetClasses } from './imagenet-classes.ts';

export interface ClassMatch {
  readonly classIndex: number;
  /** The first name of the class. */
  readonly name: string;
}

/**
 * Classes whose names hold every word of the query, best first: a whole name before the beginning of a word before the middle of one;
 * then in index order. Case, hyphens and underscores do not count.
 *
 * @param classes default: ImageNet's
 * @example searchClasses('tabby')[0] // { classIndex: 281, name: 'tabby' }
 */
export function searchClasses(query: string, classes: readonly string[] = imagenetClasses): ClassMatch[] {
  const needle = plain(query);
  if (needle === '') return [];
  const matches = classes.map((label, classIndex) => {
    const ranks = label.split(',').map((name) => rank(plain(name), needle));
    return { classIndex, name: label.split(',')[0]!.trim(), rank: Math.min(...ranks) };
  });
  return matches
    .filter((match) => match.rank < NONE)
    .sort((a, b) => a.rank - b.rank)
    .map(({ classIndex, name }) => ({ classIndex, name }));
}

const NONE = 3;

function rank(name: string, needle: string): number {
  if (name === needle) return 0;
  const words = needle.split(' ');
  if (words.every((word) => ` ${name}`.includes(` ${word}`))) return 1;
  return words.every((word) => name.includes(word)) ? 2 : NONE;
}

function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, ' ')
    .trim();
}
