import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What `os.tmpdir` reads, here and in every process that a test starts. */
const names = ['TMPDIR', 'TEMP', 'TMP'] as const;
let folder: string | undefined;

/**
 * For vitest's `globalSetup`: temporary folders of all tests, and of the programs they start, lie in one folder that goes with the run.
 * Projects share it, each of which calls this.
 */
export default function scratchFolder(): (() => void) | undefined {
  if (folder !== undefined) return undefined;
  const before = names.map((name) => [name, process.env[name]] as const);
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-tests-'));
  for (const name of names) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder!, { recursive: true, force: true, maxRetries: 5 });
    folder = undefined;
  };
}
