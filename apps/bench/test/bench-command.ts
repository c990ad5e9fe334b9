import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const launcher = fileURLToPath(new URL('../bin/hybridcam-bench.js', import.meta.url));
/** Tests that start the command as a process need `pnpm build`. */
export const isBuilt = existsSync(fileURLToPath(new URL('../dist/main.js', import.meta.url)));

export const newFolder = () => mkdtempSync(path.join(tmpdir(), 'bench-run-'));

export interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/**
 * Runs a program to its end; `onStderr` sees what it says and may kill it.
 * @param program default: the command itself
 */
export function start(
  args: readonly string[],
  onStderr: (text: string, kill: () => void) => void = () => {},
  program: readonly string[] = [process.execPath, launcher],
): Promise<Ended> {
  const [command, ...before] = program;
  return new Promise((resolve, reject) => {
    const child = spawn(command!, [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr(text, () => child.kill('SIGKILL'));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

export const readIn = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');

export const keysIn = (folder: string): string[] =>
  readIn(folder, 'records.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).key);
