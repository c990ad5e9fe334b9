import type { FlagTable, FlagValues } from './flags.ts';
import type { ProgressStream } from './progress.ts';

/** The world a command runs in; tests give their own. */
export interface CommandContext {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What is known about a command before it runs: help and parsing come from here. */
export interface CommandFacts<T extends FlagTable> {
  readonly name: string;
  /** What stands behind the name in the usage line. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** One sentence or two for the command's own help. */
  readonly description: string;
  readonly flags: T;
  /** Whole command lines that work. */
  readonly examples: readonly string[];
}

export interface Command<T extends FlagTable = FlagTable> extends CommandFacts<T> {
  /** @returns the exit code; throws what ends the command */
  run(flags: FlagValues<T>, positionals: readonly string[], context: CommandContext): Promise<number>;
}
