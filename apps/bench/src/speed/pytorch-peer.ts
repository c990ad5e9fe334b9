import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CamError, UnsupportedError } from '@hybridcam/core';

/** Milliseconds of the same work in a local PyTorch. */
export interface PyTorchTimes {
  readonly torch: string;
  readonly threads: number;
  readonly forward: number;
  /** The notebook's generate_cam: hooks, full backward to the image and all weights. */
  readonly notebook: number;
  /** The same map by the leanest autograd: frozen weights, gradient at the layer only. */
  readonly lean: number;
}

/**
 * Times the notebook's algorithm on torchvision's network of the same shape, in the Python named.
 * @throws CamError NOT_FOUND where there is no such Python or script; RUNTIME with its message
 */
export async function timePyTorch(
  python: string,
  network: string,
  rounds: number,
  signal: AbortSignal,
): Promise<PyTorchTimes> {
  // Python never ships: the script lies in the repository, beside the other reference scripts.
  const script = fileURLToPath(
    new URL('../../../../tooling/reference/speed/pytorch_peer.py', import.meta.url),
  );
  if (!existsSync(script)) {
    throw new UnsupportedError(
      'speed: --peer pytorch needs the repository (tooling/reference/speed); run it from a clone.',
    );
  }
  try {
    const { stdout } = await promisify(execFile)(python, [script, network, String(rounds)], { signal });
    return JSON.parse(stdout) as PyTorchTimes;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = String((cause as { stderr?: string }).stderr ?? (cause as Error).message)
      .trim()
      .split('\n')
      .at(-1);
    throw new CamError(
      missing ? 'NOT_FOUND' : 'RUNTIME',
      `speed: --peer pytorch failed in "${python}": ${reason}. Name a Python with torch and torchvision by --python.`,
      { cause },
    );
  }
}
