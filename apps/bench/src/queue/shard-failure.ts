import { CamError } from '@hybridcam/core';

/** Why a shard failed, as it travels through the queue: one line of text. */
export interface ShardFailure {
  readonly code: string;
  readonly message: string;
}

export function failureText(error: unknown): string {
  const code = error instanceof CamError ? error.code : 'UNEXPECTED';
  const message = error instanceof Error ? error.message : String(error);
  return `${code}: ${message}`.slice(0, 2000);
}

/** Anything that is not ours was written by BullMQ, and it only gives up shards whose workers died. */
export function parseFailure(text: unknown): ShardFailure {
  const [, code, message] = /^([A-Z_]{2,20}): (.*)$/s.exec(String(text)) ?? [];
  if (code !== undefined && message !== undefined) return { code, message };
  return { code: 'WORKER_DIED', message: `every worker that tried it died or lost its connection (${text})` };
}

/** Whether it would fail every shard of the run alike: worker and submitter do not fit. */
export function concernsTheRun({ code }: ShardFailure): boolean {
  return code === 'OPTION' || code === 'UNSUPPORTED';
}
