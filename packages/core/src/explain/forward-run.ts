import type { ExplainRun } from '../explain.ts';
import type { ForwardRun } from '../forwards/evaluate-target.ts';

/** A run of one of many evaluations within an explanation. */
export function forwardRun({ signal, batchSize, onProgress }: ExplainRun): ForwardRun {
  return {
    signal,
    batchSize,
    onProgress: (done, total) => onProgress?.({ step: 'evaluations', done, total }),
  };
}
