import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');
const commands = {
  hybridcam: { bin: 'packages/hybridcam/bin/hybridcam.js', built: 'packages/hybridcam/dist/cli/main.js' },
  bench: { bin: 'apps/bench/bin/hybridcam-bench.js', built: 'apps/bench/dist/main.js' },
} as const;

export type Command = keyof typeof commands;

/** Whether `pnpm build` has made what the commands run. */
export function isBuilt(command: Command): boolean {
  return existsSync(path.join(root, commands[command].built));
}

/** Runs a command as its users do, in a process of its own, and returns its standard output. */
export async function commandOutput(command: Command, args: readonly string[]): Promise<string> {
  // The test runner's own settings are not a user's.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, commands[command].bin), ...args],
    { env },
  );
  return stdout;
}

/** The bytes of the only file of a folder whose name ends so. */
export function onlyFile(folder: string, end: string): Buffer {
  const names = readdirSync(folder).filter((name) => name.endsWith(end));
  if (names.length !== 1) throw new Error(`expected one *${end} in ${folder}; found ${names.join(', ')}`);
  return readFileSync(path.join(folder, names[0]!));
}
