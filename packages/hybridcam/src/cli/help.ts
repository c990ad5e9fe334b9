import type { Command } from './command.ts';
import type { Program } from './program.ts';
import { wrap } from './text-layout.ts';

/** Help is read on terminals of any width; 80 columns is the narrowest that is usual. */
const COLUMNS = 80;

/** Said wherever the tool introduces itself. */
export const CAUTION = 'Explanations are evidence, not proof; hybridcam is no diagnostic device.';

/** The overview: every command with its one line. */
export function overviewHelp({ name: program, version, summary: purpose, commands }: Program): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const lines = commands.map(({ name, summary }) => {
    return `  ${name.padEnd(width)}${wrap(summary, COLUMNS - width - 2, ' '.repeat(width + 2))}`;
  });
  return [
    `${program} ${version}: ${purpose}`,
    '',
    `Usage: ${program} COMMAND [arguments]`,
    '',
    ...lines,
    '',
    `${program} COMMAND --help   every flag of a command`,
    `${program} --version        the version`,
    '',
    CAUTION,
    '',
  ].join('\n');
}

/** Everything about one command. */
export function commandHelp(program: Program, command: Command): string {
  const head = `Usage: ${program.name} ${command.name} ${command.usage}`.trimEnd();
  const flags = [
    ...Object.entries(command.flags),
    ['help', { short: 'h', help: 'Show this help.' }] as const,
  ];
  return [
    head,
    '',
    wrap(command.description, COLUMNS),
    '',
    'Flags:',
    ...flags.map(([name, flag]) => {
      const short = flag.short === undefined ? '' : `-${flag.short}, `;
      const value = 'value' in flag && flag.value !== undefined ? ` ${flag.value}` : '';
      const title = `  ${short}--${name}${value}`;
      const indent = ' '.repeat(26);
      const text = wrap(flag.help, COLUMNS - indent.length, indent);
      return title.length < indent.length - 1
        ? title.padEnd(indent.length) + text
        : `${title}\n${indent}${text}`;
    }),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
    CAUTION,
    '',
  ].join('\n');
}
