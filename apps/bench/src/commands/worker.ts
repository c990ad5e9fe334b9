import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { type Command, choiceValue, countValue, EXIT, listValue, plainText } from 'hybridcam/command-kit';
import { PASSWORD_VARIABLE, queuePrefix } from '../queue/connection.ts';
import { portValue } from '../queue/port-value.ts';
import { runWorker, type WorkerEvent } from '../queue/worker.ts';

const workerFlags = {
  queue: {
    value: 'URL',
    help: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DB] or rediss://… Required. The password may stand in ${PASSWORD_VARIABLE} instead.`,
  },
  'queue-prefix': { value: 'NAME', help: 'Of the keys in Redis. Default: hybridcam.' },
  concurrency: {
    value: 'N',
    help: 'Shards at once. One already uses every core; more only hides waiting. Default: 1.',
  },
  cache: { value: 'DIR', help: 'Model and images by hash. Default: the user cache folder.' },
  mount: {
    value: 'DIR',
    help: "A folder that has the submitter's files too: found by name or hash, verified, not copied. Default: none.",
  },
  hosts: {
    value: 'HOST[:PORT][,…]',
    help: 'Fetch content from these only; shards that name others are refused. Default: any.',
  },
  http: { value: 'PORT', help: 'Serve /healthz and /metrics (Prometheus); 0 for any port. Default: off.' },
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
      prefix: queuePrefix(flags['queue-prefix']),
      concurrency: countValue('--concurrency', flags.concurrency ?? '1'),
      content: {
        cache: flags.cache ?? userCache(),
        ...(flags.mount === undefined ? {} : { mount: flags.mount }),
        ...(flags.hosts === undefined ? {} : { hosts: listValue('--hosts', flags.hosts) }),
      },
      httpPort: flags.http === undefined ? undefined : portValue('--http', flags.http),
      log: (event) => void stderr.write(format === 'json' ? jsonLine(event) : textLine(event)),
      signal,
    });
    return EXIT.done;
  },
};

function userCache(): string {
  return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'hybridcam', 'bench');
}

function jsonLine(event: WorkerEvent): string {
  return `${JSON.stringify({ time: new Date().toISOString(), host: hostname(), pid: process.pid, ...event })}\n`;
}

function textLine({ event, job, images, ms, reason, port }: WorkerEvent): string {
  const parts = [
    event,
    job,
    images === undefined ? undefined : `${images} images`,
    ms === undefined ? undefined : `${ms} ms`,
    port === undefined ? undefined : `/healthz and /metrics on port ${port}`,
    reason,
  ];
  return `${plainText(parts.filter((part) => part !== undefined).join(' · '))}\n`;
}
