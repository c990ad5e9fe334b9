import { OptionError } from '@hybridcam/core';
import type { MetricName } from '@hybridcam/metrics';
import { countValue, listValue } from 'hybridcam/command-kit';
import { queuePrefix } from './connection.ts';
import { JOB_LIMITS } from './job.ts';
import { portValue } from './port-value.ts';

/** Where shards go, and where their workers find what they need. */
export interface QueueOptions {
  readonly url: string;
  readonly prefix: string;
  /** Where this process serves model and images by hash; workers must reach it. */
  readonly serve: { readonly host: string; readonly port: number };
  /** Further addresses of the same content, or manifests of such: asked first. */
  readonly sources: readonly string[];
  readonly shardSize: number;
  readonly inFlight: number;
}

/** The flags of `run` that mean something only together with `--queue`, and those that mean nothing with it. */
export interface QueueFlags {
  readonly queue?: string | undefined;
  readonly 'queue-prefix'?: string | undefined;
  readonly serve?: string | undefined;
  readonly source?: string | undefined;
  readonly 'shard-size'?: string | undefined;
  readonly runtime?: string | undefined;
  readonly device?: string | undefined;
  readonly weights?: string | undefined;
}

/** Shards on the queue at once, for fleets of up to half as many workers. */
const IN_FLIGHT = 256;

/** undefined for a run on this machine. @throws OptionError */
export function queueOptions(flags: QueueFlags, metrics: readonly MetricName[]): QueueOptions | undefined {
  if (flags.queue === undefined) {
    const useless = (['queue-prefix', 'serve', 'source', 'shard-size'] as const).find(
      (name) => flags[name] !== undefined,
    );
    if (useless === undefined) return undefined;
    throw new OptionError(
      `--${useless}: expected --queue beside it; received none, where it would do nothing.`,
    );
  }
  if (metrics.includes('weight-randomisation')) {
    throw new OptionError(
      '--metric weight-randomisation: expected no --queue beside it; workers have the model, not its shuffled copies.',
    );
  }
  const local = (['runtime', 'device', 'weights'] as const).find((name) => flags[name] !== undefined);
  if (local !== undefined) {
    throw new OptionError(
      `--${local}: expected no --queue beside it; workers run the published model on ONNX Runtime. Use --shard instead.`,
    );
  }
  const serve = /^(?:([^:\s]+|\[[0-9a-f:]+\]):)?(\d+)$/i.exec(flags.serve ?? '0');
  if (!serve)
    throw new OptionError(`--serve: expected [HOST:]PORT; received ${JSON.stringify(flags.serve)}.`);
  const shardSize = countValue('--shard-size', flags['shard-size'] ?? '8');
  if (shardSize > JOB_LIMITS.items)
    throw new OptionError(`--shard-size: expected at most ${JOB_LIMITS.items}; received ${shardSize}.`);
  const sources = flags.source === undefined ? [] : listValue('--source', flags.source);
  const host = serve[1] ?? '127.0.0.1';
  if (isWildcard(host) && sources.length === 0) {
    throw new OptionError(
      `--serve ${host}: expected --source http://THIS-HOST:${serve[2]} beside it, the address at which workers reach this machine; received none.`,
    );
  }
  return {
    url: flags.queue,
    prefix: queuePrefix(flags['queue-prefix']),
    serve: { host, port: portValue('--serve', serve[2]!) },
    sources,
    shardSize,
    inFlight: IN_FLIGHT,
  };
}

/** Whether a host to listen on means every interface. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '[::]';
}
