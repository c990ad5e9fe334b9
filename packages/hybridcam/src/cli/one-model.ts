import { OptionError } from '@hybridcam/core';

/**
 * The one model of a command that takes it with or without its flag.
 * @throws OptionError for none or several
 */
export function oneModel(command: string, flag: string | undefined, positionals: readonly string[]): string {
  const files = flag === undefined ? positionals : [flag, ...positionals];
  if (files.length === 1) return files[0]!;
  throw new OptionError(
    `${command}: expected one model file; received ${files.length === 0 ? 'none' : files.join(', ')}.`,
  );
}
