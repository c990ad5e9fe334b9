/**
 * The candidates most like `name`, best first: those that contain it or are contained in it, and those within a third of
 * its length in edits (insertion, deletion, substitution, swap of neighbours); upper and lower case are equal, `-_./ ` count for nothing and `+` is `plus` is `p`.
 * @example nearest('gradcam', ['grad-cam', 'layer-cam', 'hybrid'])  // ['grad-cam']
 */
export function nearest(name: string, candidates: readonly string[], limit = 3): string[] {
  const wanted = fold(name);
  return candidates
    .map((candidate) => ({ candidate, distance: distance(wanted, fold(candidate)) }))
    .filter(({ distance }) => distance <= Math.max(1, wanted.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** `' Did you mean "grad-cam"?'`, or nothing where no candidate is near: the end of an error message. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates).map((candidate) => `"${candidate}"`);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

function fold(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_./ ]/g, '')
    .replace(/\+|plus/g, 'p');
}

function distance(a: string, b: string): number {
  if (a === b) return 0;
  if (Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a))) return 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(substituted, previous[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
