import type { RECORD_VERSION } from './record.ts';

/** What a stretch of a run spent, half a minute or what is left of one: a line of costs.jsonl. Times vary, so nothing else depends on it. */
export interface CostRecord {
  readonly v: typeof RECORD_VERSION;
  /** Images evaluated or found done. */
  readonly images: number;
  /** Images through the model for metrics; explanations are not counted. */
  readonly forwards: number;
  readonly seconds: number;
  readonly batchSize: number;
}
