/**
 * A class as a person says it: the first of its comma-separated names, without WordNet number, underscores as spaces;
 * `class 281` where there are no labels. For print; records keep the label as it was given.
 *
 * @example className(['n02123045_tabby'], 0) // 'tabby'
 */
export function className(labels: readonly string[] | undefined, index: number): string {
  const label = labels?.[index];
  if (label === undefined) return `class ${index}`;
  const short = label
    .replace(/^n\d{8}[\s_]+/, '')
    .split(',')[0]!
    .replaceAll('_', ' ')
    .trim();
  return short === '' ? label : short;
}
