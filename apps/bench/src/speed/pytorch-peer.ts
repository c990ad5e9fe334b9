import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AbortedError, CamError, type NdArray, pack, UnsupportedError } from '@hybridcam/core';
import { parameterShapes } from '@hybridcam/zoo';
import type { BuiltNetwork } from './speed-source.ts';

/** A local PyTorch with the same network, weights and picture, which does one task after the other when asked. */
export interface PyTorchPeer {
  /** Version. */
  readonly torch: string;
  readonly threads: number;
  /** Scores and class of the picture, and the notebook's map at a layer by both algorithms, [height · width] in [0, 1]. */
  check(layer: string): Promise<PeerCheck>;
  /** Milliseconds, as PyTorch's own process sees them. */
  time(task: PeerTask): Promise<number>;
  close(): Promise<void>;
}

export interface PeerCheck {
  readonly logits: number[];
  readonly map: number[];
  readonly lean: number[];
  /** Of the notebook's loop. */
  readonly predicted: number;
  readonly confidence: number;
}

export type PeerTask =
  | { readonly task: 'forward' }
  /**
   * `notebook`: generate_cam as it stands there; `loop`: what its loop does with each picture, a second forward pass for the class and its
   * confidence too; `lean`: the same map by the least that autograd needs.
   */
  | { readonly task: 'notebook' | 'loop' | 'lean'; readonly layer: string };

/**
 * @param options `folder`: where network, weights and picture are written for it; `input` [1, channels, height, width]
 * @throws CamError NOT_FOUND where there is no such Python; IO where it cannot be started; RUNTIME with what it said last; UNSUPPORTED outside the repository
 */
export async function openPyTorchPeer(
  python: string,
  { network, parameters }: BuiltNetwork,
  options: {
    readonly input: NdArray<Float32Array>;
    readonly threads: number;
    readonly folder: string;
    readonly signal: AbortSignal;
  },
): Promise<PyTorchPeer> {
  const { input, threads, folder, signal } = options;
  // Python never ships: the script lies in the repository, beside the other reference scripts.
  const script = fileURLToPath(
    new URL('../../../../tooling/reference/speed/pytorch_peer.py', import.meta.url),
  );
  if (!existsSync(script)) {
    throw new UnsupportedError(
      'speed: --peer pytorch needs the repository (tooling/reference/speed); run it from a clone.',
    );
  }
  const shapes = [...parameterShapes(network)];
  const { steps } = network;
  await writeFile(
    path.join(folder, 'network.json'),
    JSON.stringify({ input: network.input, steps, parameters: shapes }),
  );
  await writeFile(
    path.join(folder, 'parameters.bin'),
    shapes.map(([name]) => bytesOf(parameters.get(name)!.data)),
  );
  await writeFile(path.join(folder, 'input.bin'), bytesOf(pack(input)));

  const child = start(python, [script, folder, String(threads)], signal);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  // A child that is gone is met at the next answer.
  child.stdin.on('error', () => {});
  const ended = new Promise<never>((_, reject) => {
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? failure(python, 'NOT_FOUND', 'there is no such program', cause)
          : signal.aborted
            ? new AbortedError('speed: aborted.', { cause: signal.reason })
            : failure(python, 'IO', `it cannot be started (${cause.message})`, cause),
      ),
    );
    child.on('close', () => reject(failure(python, 'RUNTIME', said.trim().split('\n').at(-1) || 'it ended')));
  });
  ended.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const line = await Promise.race([lines.next(), ended]);
    // The output ends before the process does; its last words follow.
    if (line.done) return await ended;
    try {
      return JSON.parse(line.value) as T;
    } catch (cause) {
      throw failure(python, 'RUNTIME', `it answered "${line.value.slice(0, 100)}"`, cause);
    }
  };
  const ask = <T>(task: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(task)}\n`);
    return answer<T>();
  };
  const { torch, threads: used } = await answer<{ torch: string; threads: number }>();
  return {
    torch,
    threads: used,
    check: (layer) => ask({ task: 'check', layer }),
    time: async (task) => (await ask<{ ms: number }>(task)).ms,
    async close() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close').catch(() => {});
    },
  };
}

/** Some of what is no program is refused at once, the rest by the child's event. */
function start(python: string, args: readonly string[], signal: AbortSignal): ChildProcessWithoutNullStreams {
  try {
    return spawn(python, args, { signal, stdio: 'pipe' });
  } catch (cause) {
    throw failure(python, 'IO', `it cannot be started (${(cause as Error).message})`, cause);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function failure(
  python: string,
  code: 'NOT_FOUND' | 'IO' | 'RUNTIME',
  reason: string,
  cause?: unknown,
): CamError {
  return new CamError(
    code,
    `speed: --peer pytorch failed in "${python}": ${reason}. Name a Python with torch and numpy by --python.`,
    { cause },
  );
}
