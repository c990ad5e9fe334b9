import type { SummaryRow } from './summarise.ts';

const COLUMNS =
  'method,params,layer,metric,preset,n,excluded,mean,sd,lo,hi,reference,delta,dlo,dhi,p,pHolm,dz,win,verdict,needed';

/** The summary as tidy CSV for R or pandas. Cells that a spreadsheet would run as a formula are made text. */
export function summaryCsv(rows: readonly SummaryRow[]): string {
  const lines = rows.map((row) => {
    const { comparison } = row;
    return [
      row.method,
      Object.entries(row.params)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
      row.layer,
      row.metric,
      row.preset,
      row.count,
      row.excluded,
      row.mean,
      row.standardDeviation,
      row.interval?.low,
      row.interval?.high,
      row.isReference ? 'yes' : '',
      comparison?.meanDifference,
      comparison?.interval?.low,
      comparison?.interval?.high,
      comparison?.test?.p,
      comparison?.pHolm,
      comparison?.effectSize,
      comparison?.winRate,
      comparison?.verdict,
      comparison?.neededCount,
    ]
      .map(cell)
      .join(',');
  });
  return `${[COLUMNS, ...lines].join('\n')}\n`;
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  // Twelve digits: far beyond any interval, and free of the last bit in which two machines may differ.
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
