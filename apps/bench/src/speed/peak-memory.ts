import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface PeakMemory {
  /** Peak resident megabytes of a process that only predicts: given the file's path, or its bytes; and of one that explains. */
  readonly path: number;
  readonly bytes: number;
  readonly explain: number;
  /** To the leaner of the two. */
  readonly ratio: number;
}

/** Each in a process of its own: a peak is never given back. Median of three. */
export async function peakMemory(modelPath: string, signal: AbortSignal): Promise<PeakMemory> {
  const child = fileURLToPath(new URL('./memory-child.js', import.meta.url));
  const measure = async (mode: string) => {
    const values: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, [child, mode, modelPath], { signal });
      values.push(Number(stdout.trim()) / 1024);
    }
    return values.sort((a, b) => a - b)[1]!;
  };
  const fromPath = await measure('path');
  const fromBytes = await measure('bytes');
  const explained = await measure('explain');
  return {
    path: fromPath,
    bytes: fromBytes,
    explain: explained,
    ratio: explained / Math.min(fromPath, fromBytes),
  };
}
