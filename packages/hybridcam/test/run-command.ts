import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../src/cli/main.ts';

// What a command keeps goes into a folder of this test run, not into the developer's cache.
const cache = join(tmpdir(), `hybridcam-test-cache-${process.pid}`);
process.env['HYBRIDCAM_CACHE'] ??= cache;
process.once('exit', () => rmSync(cache, { recursive: true, force: true }));

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process and returns what it printed. */
export async function runCommand(args: readonly string[], signal?: AbortSignal): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const context = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    signal: signal ?? new AbortController().signal,
  };
  const code = await main(args, context);
  return { code, ...written };
}
