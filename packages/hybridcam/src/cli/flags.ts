import { parseArgs } from 'node:util';
import { didYouMean, OptionError } from '@hybridcam/core';

/** One flag of a command; parsing and help both read this, so that neither can say what the other does not. */
export interface Flag {
  /** What stands behind the flag, as help shows it (`FILE`, `A[,A…]`); undefined for a switch. */
  readonly value?: string;
  /** One letter for it. */
  readonly short?: string;
  /** What it does, and its default: the help's text. */
  readonly help: string;
}

/** A flag with a value. */
export interface ValueFlag extends Flag {
  readonly value: string;
}

export type FlagTable = Readonly<Record<string, Flag>>;

/** Text for a flag with a value, `true` for a switch; absent when it was not given. */
export type FlagValues<T extends FlagTable> = {
  readonly [name in keyof T]?: T[name] extends { readonly value: string } ? string : true;
};

export interface ParsedArguments<T extends FlagTable> {
  readonly flags: FlagValues<T>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command's arguments strictly: `--flag value`, `--flag=value`, `-f value`, `--` before names that begin with a dash.
 *
 * @throws OptionError for a flag that is unknown (with the nearest ones), given twice, without its value, or with one too many
 */
export function parseFlags<const T extends FlagTable>(
  command: string,
  table: T,
  args: readonly string[],
  program = 'hybridcam',
): ParsedArguments<T> {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const [name, flag] of Object.entries(table)) {
    options[name] = {
      type: flag.value === undefined ? 'boolean' : 'string',
      ...(flag.short === undefined ? {} : { short: flag.short }),
    };
  }
  // Not `strict`: node's own messages name neither the command nor the nearest flag. The tokens say all that is needed.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, string | true> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(`${program} ${command}`, token.rawName, table);
    if (Object.hasOwn(values, token.name)) {
      throw new OptionError(
        `${command}: expected ${token.rawName} once; received it twice.${listHint(flag)}`,
      );
    }
    values[token.name] =
      flag.value === undefined ? switchValue(command, token) : textValue(command, token, flag);
  }
  return { flags: values as FlagValues<T>, positionals };
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function switchValue(command: string, token: OptionToken): true {
  if (token.value !== undefined) {
    throw new OptionError(`${command}: ${token.rawName} takes no value; received "${token.value}".`);
  }
  return true;
}

function textValue(command: string, token: OptionToken, flag: Flag): string {
  const { value, rawName, inlineValue } = token;
  // `--mean -1,0,1` is a value; `--out --json` is a forgotten one.
  const looksLikeFlag =
    inlineValue === false && value !== undefined && /^-(?![\d.])/.test(value) && value !== '-';
  if (value === undefined || value === '' || looksLikeFlag) {
    const received = looksLikeFlag ? `the flag ${value}` : 'nothing';
    throw new OptionError(
      `${command}: expected ${rawName} ${flag.value}; received ${received} behind ${rawName}.`,
    );
  }
  return value;
}

function unknownFlag(invocation: string, rawName: string, table: FlagTable): OptionError {
  const names = Object.keys(table).map((name) => `--${name}`);
  const hint = rawName.startsWith('--') ? didYouMean(rawName, names) : '';
  return new OptionError(
    `${invocation.split(' ').at(-1)}: unknown flag ${rawName}.${hint === '' ? ` See ${invocation} --help.` : hint}`,
  );
}

function listHint(flag: Flag): string {
  return flag.value?.includes(',') ? ' Separate several values with commas.' : '';
}
