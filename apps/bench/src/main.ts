import { version } from '@hybridcam/core';
import { type CommandContext, type Program, runProgram } from 'hybridcam/command-kit';
import { compareCommand } from './commands/compare.ts';
import { queueCommand } from './commands/queue.ts';
import { reportCommand } from './commands/report.ts';
import { reproduceCommand } from './commands/reproduce.ts';
import { runCommand } from './commands/run.ts';
import { speedCommand } from './commands/speed.ts';
import { workerCommand } from './commands/worker.ts';

const bench: Program = {
  name: 'hybridcam-bench',
  version,
  summary: 'how far can a saliency map be trusted?',
  commands: [
    runCommand,
    reportCommand,
    compareCommand,
    reproduceCommand,
    speedCommand,
    workerCommand,
    queueCommand,
  ] as unknown as Program['commands'],
};

/** `hybridcam-bench`: arguments without `node` and script in, exit code out. */
export function main(args: readonly string[], context?: CommandContext): Promise<number> {
  return runProgram(bench, args, context);
}
