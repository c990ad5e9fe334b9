import path from 'node:path';

/** Where the lines of a run folder lie. */
export interface RunFiles {
  readonly records: string;
  readonly curves: string;
  readonly failures: string;
  readonly pictures: string;
  readonly costs: string;
}

export function runFiles(folder: string): RunFiles {
  return {
    records: path.join(folder, 'records.jsonl'),
    curves: path.join(folder, 'curves.jsonl'),
    failures: path.join(folder, 'failures.jsonl'),
    pictures: path.join(folder, 'pictures.jsonl'),
    costs: path.join(folder, 'costs.jsonl'),
  };
}
