import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../bin/hybridcam-bench.js', import.meta.url));

/** Processes run the compiled code. */
export const built: boolean = existsSync(fileURLToPath(new URL('../../dist/main.js', import.meta.url)));

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'bench-queue-'));

/** A `hybridcam-bench` of its own, in a folder of its own. */
export interface BenchProcess {
  readonly child: ChildProcess;
  /** Exit code; null for one that was killed. */
  readonly done: Promise<number | null>;
  /** stdout and stderr so far. */
  output(): string;
  /** Resolves when the output holds it; rejects when the process ends without. */
  says(what: RegExp): Promise<RegExpExecArray>;
}

export interface BenchProcesses {
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): BenchProcess;
  /** SIGKILL for all that still run. */
  stop(): Promise<void>;
}

export function benchProcesses(): BenchProcesses {
  const running = new Set<BenchProcess>();
  return {
    start(args, environment = {}) {
      const child = spawn(process.execPath, [launcher, ...args], {
        cwd: newFolder(),
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      const take = (part: Buffer) => {
        text += part;
      };
      child.stdout!.on('data', take);
      child.stderr!.on('data', take);
      const done = new Promise<number | null>((resolve) => {
        child.on('close', (code) => {
          running.delete(bench);
          resolve(code);
        });
      });
      const bench: BenchProcess = {
        child,
        done,
        output: () => text,
        says: (what) =>
          new Promise((resolve, reject) => {
            const look = () => {
              const found = what.exec(text);
              if (found) resolve(found);
              return found;
            };
            if (look()) return;
            child.stdout!.on('data', look);
            child.stderr!.on('data', look);
            child.on('close', () => look() ?? reject(new Error(`ended without ${what}: ${text}`)));
          }),
      };
      running.add(bench);
      return bench;
    },
    async stop() {
      const ended = [...running].map(({ child, done }) => {
        child.kill('SIGKILL');
        return done;
      });
      await Promise.all(ended);
    },
  };
}

/** Waits for a state, never for a time. */
export async function until(
  what: string,
  state: () => boolean | Promise<boolean>,
  most = 300_000,
): Promise<void> {
  const started = Date.now();
  while (!(await state())) {
    if (Date.now() - started > most) throw new Error(`waited ${most / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
