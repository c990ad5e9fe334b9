import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AbortedError, CamError } from '@hybridcam/core';
import { encodePng } from '@hybridcam/viz';
import { readBytes, readExternalFiles } from 'hybridcam/command-kit';

/** Peak resident megabytes, each of a process of its own. */
export interface PeakMemory {
  /** Predicts from a constant, given the file's path. */
  readonly path: number;
  /** The same, given its bytes. */
  readonly bytes: number;
  /** Explains a constant. */
  readonly explain: number;
  /** Of `explain` to the leaner of the two that predict. */
  readonly ratio: number;
  /** Decodes a photograph and predicts, given the file's path. */
  readonly photograph: number;
  /** Explains that photograph with `hybridcam`. */
  readonly explainPhotograph: number;
  /** Of the last to the one before: what a user pays. */
  readonly photographRatio: number;
}

/**
 * Each in a process of its own: a peak is never given back. Median of three.
 * @throws CamError RUNTIME with what a process said last; AbortedError; what `readBytes` and `readExternalFiles` throw
 */
export async function peakMemory(modelPath: string, signal: AbortSignal): Promise<PeakMemory> {
  const bytes = await readBytes(modelPath, 'model', { signal });
  const external = [...((await readExternalFiles(bytes, modelPath, signal))?.keys() ?? [])];
  const folder = await mkdtemp(path.join(tmpdir(), 'hybridcam-memory-'));
  const picture = path.join(folder, 'photograph.png');
  const child = fileURLToPath(new URL('./memory-child.js', import.meta.url));
  const measure = async (mode: string) => {
    const values: number[] = [];
    for (let i = 0; i < 3; i++) {
      const args = [child, mode, modelPath, picture, JSON.stringify(external)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { signal }).catch((cause) => {
        if (signal.aborted) throw new AbortedError('speed: aborted.', { cause: signal.reason });
        throw new CamError(
          'RUNTIME',
          `--memory: ${mode} of ${path.basename(modelPath)} failed: ${lastWords(cause)}.`,
          {
            cause,
          },
        );
      });
      values.push(Number(stdout.trim()) / 1024);
    }
    return values.sort((a, b) => a - b)[1]!;
  };
  try {
    await writeFile(picture, encodePng(photograph()));
    const fromPath = await measure('path');
    const fromBytes = await measure('bytes');
    const explained = await measure('explain');
    const predicted = await measure('photograph');
    const explainedPhotograph = await measure('explain-photograph');
    return {
      path: fromPath,
      bytes: fromBytes,
      explain: explained,
      ratio: explained / Math.min(fromPath, fromBytes),
      photograph: predicted,
      explainPhotograph: explainedPhotograph,
      photographRatio: explainedPhotograph / predicted,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The line of a failed process that names its error. */
function lastWords({ stderr, message }: Error & { readonly stderr?: string }): string {
  return /^\w*Error\b.*$/m.exec(stderr ?? '')?.[0] ?? message.split('\n')[0]!;
}

/** As large as a picture from the web, with something in every pixel. */
function photograph(): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  const [width, height] = [1024, 768];
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    data.set([(x * y) >> 8, (x ^ y) & 255, (x + 2 * y) & 255, 255], 4 * i);
  }
  return { width, height, data };
}
