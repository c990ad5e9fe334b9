/** What a worker has done since it started. */
export interface WorkerCounts {
  readonly shards: number;
  readonly images: number;
  readonly failedShards: number;
  readonly refusedShards: number;
  readonly failedImages: number;
  /** From taking a shard to its results being packed. */
  readonly busySeconds: number;
  /** Of these, in the code that `run` runs too. */
  readonly evaluationSeconds: number;
}

const metrics: readonly (readonly [keyof WorkerCounts, name: string, help: string])[] = [
  ['shards', 'shards_total', 'Shards finished.'],
  ['images', 'images_total', 'Images evaluated.'],
  ['failedShards', 'failed_shards_total', 'Attempts at a shard that failed.'],
  [
    'refusedShards',
    'refused_shards_total',
    'Of these, payloads that are not ours or do not fit this worker.',
  ],
  ['failedImages', 'failed_images_total', 'Images that became a failure row.'],
  ['busySeconds', 'busy_seconds_total', 'Time with a shard in hand.'],
  ['evaluationSeconds', 'evaluation_seconds_total', 'Of it, evaluating.'],
];

/** The counts in Prometheus' text format, and whether Redis answers. */
export function prometheusText(counts: WorkerCounts, connected: boolean): string {
  const counters = metrics.map(([key, name, help]) =>
    sample(`hybridcam_worker_${name}`, 'counter', help, counts[key]),
  );
  return [
    ...counters,
    sample('hybridcam_worker_redis_connected', 'gauge', 'Whether Redis answers.', connected ? 1 : 0),
  ].join('');
}

function sample(name: string, type: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}
