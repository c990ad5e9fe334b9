import { OptionError } from '@hybridcam/core';
import { type Command, choiceValue, EXIT } from 'hybridcam/command-kit';
import { connectNow, openQueue, PASSWORD_VARIABLE, queuePrefix } from '../queue/connection.ts';

const queueFlags = {
  queue: {
    value: 'URL',
    help: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DB] or rediss://… Required. The password may stand in ${PASSWORD_VARIABLE} instead.`,
  },
  'queue-prefix': { value: 'NAME', help: 'Of the keys in Redis. Default: hybridcam.' },
  json: { help: 'status as one JSON object.' },
} as const;

export const queueCommand: Command<typeof queueFlags> = {
  name: 'queue',
  usage: 'status|pause|resume|drain --queue redis://HOST',
  summary: 'Look at a queue, pause it, resume it, or empty it.',
  description:
    'status counts shards and workers; pause lets workers finish what they have and take nothing new; resume lets them go on; drain removes the shards that wait and the results that nobody collected (a submitter that still runs submits them again).',
  flags: queueFlags,
  examples: ['hybridcam-bench queue status --queue redis://10.0.0.5'],
  async run(flags, positionals, { stdout }) {
    if (flags.queue === undefined)
      throw new OptionError('queue: expected --queue redis://HOST; received none.');
    if (positionals.length !== 1)
      throw new OptionError(
        `queue: expected one of status, pause, resume, drain; received ${positionals.join(' ') || 'nothing'}.`,
      );
    const action = choiceValue('queue', positionals[0]!, ['status', 'pause', 'resume', 'drain']);
    const prefix = queuePrefix(flags['queue-prefix']);
    const connection = await connectNow(flags.queue);
    const queue = openQueue(connection, prefix);
    try {
      if (action === 'pause') await queue.pause();
      if (action === 'resume') await queue.resume();
      if (action === 'drain') {
        await queue.drain(true);
        for (const state of ['completed', 'failed'] as const) await queue.clean(0, 0, state);
      }
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed');
      const status = { paused: await queue.isPaused(), workers: await queue.getWorkersCount(), ...counts };
      stdout.write(
        flags.json
          ? `${JSON.stringify(status)}\n`
          : `${Object.entries(status)
              .map(([name, value]) => `  ${name.padEnd(10)} ${value}`)
              .join('\n')}\n`,
      );
      return EXIT.done;
    } finally {
      await queue.close();
      connection.disconnect();
    }
  },
};
