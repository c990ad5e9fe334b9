import { isControl } from '../evaluation/method-row.ts';
import { bestFirst, type SummaryRow, summaryTitle } from '../summary/summarise.ts';

/** More lines than this cannot be told apart. */
const MOST_LINES = 6;

/** One control is enough for scale: what a map scores that knows nothing, else one that knows only how people photograph. */
const SCALES = ['random', 'centre'] as const;

/**
 * The rows that every chart draws, by title, in the order of their colours: the reference, one control, then the best of each metric in
 * turn. One choice for all charts, so that a method can be followed from one to the next in one colour.
 */
export function chartLines(rows: readonly SummaryRow[]): string[] {
  const measured = rows.filter((row) => row.count > 0);
  const families = [...new Set(measured.map(familyOf))].map((key) =>
    bestFirst(measured.filter((row) => familyOf(row) === key)),
  );
  const titles = new Set(
    families.flatMap((family) => family.filter((row) => row.isReference).map(summaryTitle)),
  );
  const scale = SCALES.find((control) => measured.some(({ method }) => method === control));
  if (scale !== undefined) titles.add(scale);
  const ranked = families.map((family) =>
    family.filter(({ method }) => !isControl(method)).map(summaryTitle),
  );
  const places = Math.max(0, ...ranked.map(({ length }) => length));
  for (let place = 0; place < places; place++) {
    for (const family of ranked) {
      if (titles.size >= MOST_LINES) return [...titles];
      const title = family[place];
      if (title !== undefined) titles.add(title);
    }
  }
  return [...titles];
}

function familyOf({ metric, preset }: SummaryRow): string {
  return `${metric}|${preset}`;
}
