import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckpointFile } from '../../src/index.ts';
import { bundleScript } from '../bundle-script.ts';

/** `fetch-child.ts` as one script that plain Node runs: a test must be able to kill it. Returns its path in a new temporary folder. */
export function bundleChild(): Promise<string> {
  const outDir = mkdtempSync(path.join(tmpdir(), 'hybridcam-zoo-child-'));
  return bundleScript(path.join(import.meta.dirname, 'fetch-child.ts'), outDir);
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

export function startChild(
  script: string,
  file: CheckpointFile,
  env: Readonly<Record<string, string>>,
): Child {
  const child = spawn(process.execPath, [script, JSON.stringify(file)], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return {
    process: child,
    ended: new Promise((resolve) =>
      child.on('close', (code) => resolve({ code, stdout: stdout.trim(), stderr: stderr.trim() })),
    ),
  };
}
