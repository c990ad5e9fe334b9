import { wrap } from 'hybridcam/command-kit';
import { claimsText } from '../claims/claims-table.ts';
import { metaEvaluation } from '../summary/meta-evaluation.ts';
import { summaryTable } from '../summary/summary-table.ts';
import { trustText } from './trust-section.ts';
import type { WrittenReport } from './write-report.ts';

/** What a report says, for a terminal: claims, choices, verdicts, and which metric to trust. */
export function reportText({ rows, records, notes, claims }: WrittenReport, seed: number): string {
  const parts = [
    claims.length > 0 ? claimsText(claims) : '',
    notes.map((note) => `${wrap(note, 80)}\n`).join(''),
    rows.length > 0 ? summaryTable(rows) : '',
    trustText(metaEvaluation(records, seed)),
  ];
  return parts.map((part) => (part === '' ? '' : `${part}\n`)).join('');
}
