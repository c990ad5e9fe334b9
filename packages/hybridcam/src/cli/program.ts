import { didYouMean, OptionError } from '@hybridcam/core';
import type { Command, CommandContext } from './command.ts';
import { EXIT, errorText, exitCodeOf } from './exit-code.ts';
import { parseFlags } from './flags.ts';
import { commandHelp, overviewHelp } from './help.ts';

/** A command line of several commands. */
export interface Program {
  readonly name: string;
  readonly version: string;
  /** What it is for, behind name and version in the overview. */
  readonly summary: string;
  /** In the order in which a newcomer needs them. */
  readonly commands: readonly Command[];
}

/**
 * The whole command line: arguments without `node` and script in, exit code out. Results go to stdout, progress and
 * errors to stderr; an error is one line.
 */
export async function runProgram(
  program: Program,
  args: readonly string[],
  context?: CommandContext,
): Promise<number> {
  if (context !== undefined) return dispatch(program, args, context);
  const interrupt = new AbortController();
  // The first Ctrl-C stops after cleaning up; with `once` gone, the second one is node's own and stops at once.
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupt.abort(new Error('terminated')));
  // `hybridcam … | head`: the reader left, which is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
  return dispatch(program, args, {
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupt.signal,
  });
}

async function dispatch(program: Program, args: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await runCommand(program, args, context);
  } catch (error) {
    context.stderr.write(errorText(error, process.env['HYBRIDCAM_DEBUG'] === '1'));
    return exitCodeOf(error);
  }
}

async function runCommand(
  program: Program,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    context.stdout.write(overviewHelp(program));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === '--version' || name === '-V') {
    context.stdout.write(`${program.version}\n`);
    return EXIT.done;
  }
  if (name === 'help') {
    context.stdout.write(
      rest[0] === undefined ? overviewHelp(program) : commandHelp(program, findCommand(program, rest[0])),
    );
    return EXIT.done;
  }
  const command = findCommand(program, name);
  if (asksForHelp(rest)) {
    context.stdout.write(commandHelp(program, command));
    return EXIT.done;
  }
  const { flags, positionals } = parseFlags(command.name, command.flags, rest, program.name);
  return command.run(flags, positionals, context);
}

function findCommand(program: Program, name: string): Command {
  const command = program.commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = program.commands.map((candidate) => candidate.name);
  const hint = name.startsWith('-')
    ? ' Flags come behind the command.'
    : didYouMean(name, names) || ` The commands are ${names.join(', ')}.`;
  throw new OptionError(`${program.name}: expected a command; received "${name}".${hint}`);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}
