import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { type Command, choiceValue, countValue, EXIT, plainText } from 'hybridcam/command-kit';
import { DEFAULT_PREFIX } from '../queue/connection.ts';
import { runWorker, type WorkerEvent } from '../queue/worker.ts';

const workerFlags = {
  queue: { value: 'URL', help: 'redis://HOST or rediss://…, with user and password where needed. Required.' },
  'queue-prefix': { value: 'NAME', help: 'Of the keys in Redis. Default: hybridcam.' },
  concurrency: {
    value: 'N',
    help: 'Shards at once. One already uses every core; more only hides waiting. Default: 1.',
  },
  cache: { value: 'DIR', help: 'Model and images by hash. Default: the user cache folder.' },
  http: { value: 'PORT', help: 'Serve /healthz and /metrics (Prometheus). Default: off.' },
  log: { value: 'text|json', help: 'Events on stderr as lines or as JSON. Default: text.' },
} as const;

export const workerCommand: Command<typeof workerFlags> = {
  name: 'worker',
  usage: '--queue redis://HOST',
  summary: 'Evaluate shards that a run submitted to a queue.',
  description:
    'Takes shards from the queue, fetches model and images by hash, verifies them, and returns the records. Stop it with Ctrl-C: the shard in hand is finished, the rest is left to others. A worker that dies loses nothing: its shard is done again.',
  flags: workerFlags,
  examples: ['hybridcam-bench worker --queue redis://10.0.0.5 --http 9090 --log json'],
  async run(flags, positionals, { stderr, signal }) {
    if (flags.queue === undefined)
      throw new OptionError('worker: expected --queue redis://HOST; received none.');
    if (positionals.length > 0)
      throw new OptionError(`worker: expected flags only; received ${positionals.join(' ')}.`);
    const format = choiceValue('--log', flags.log ?? 'text', ['text', 'json']);
    await runWorker({
      queue: flags.queue,
      prefix: flags['queue-prefix'] ?? DEFAULT_PREFIX,
      concurrency: countValue('--concurrency', flags.concurrency ?? '1'),
      cache:
        flags.cache ??
        path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'hybridcam', 'bench'),
      httpPort: flags.http === undefined ? undefined : countValue('--http', flags.http),
      log: (event) => void stderr.write(format === 'json' ? jsonLine(event) : textLine(event)),
      signal,
    });
    return EXIT.done;
  },
};

function jsonLine(event: WorkerEvent): string {
  return `${JSON.stringify({ time: new Date().toISOString(), host: hostname(), pid: process.pid, ...event })}\n`;
}

function textLine({ event, job, images, ms, reason }: WorkerEvent): string {
  const parts = [
    event,
    job,
    images === undefined ? undefined : `${images} images`,
    ms === undefined ? undefined : `${ms} ms`,
    reason,
  ];
  return `${plainText(parts.filter((part) => part !== undefined).join(' · '))}\n`;
}
