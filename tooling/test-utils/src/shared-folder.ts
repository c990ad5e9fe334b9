import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder `../shared` beside the repository, or undefined where there is none. It holds what may not lie in the
 * repository (photographs, real weights, PyTorch's numbers for them); tests that need it skip without it:
 *
 *     describe.skipIf(!sharedFolder())('against PyTorch (needs ../shared)', …)
 */
export function sharedFolder(): string | undefined {
  const folder = fileURLToPath(new URL('../../../../shared', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

/** Full path of a file under `sharedFolder()`. @throws when the folder or file is absent: skip first */
export function sharedFile(path: string): string {
  const folder = sharedFolder();
  const file = `${folder}/${path}`;
  if (folder === undefined || !existsSync(file)) {
    throw new Error(`sharedFile: expected ../shared/${path}; it is not here. Skip the test without it.`);
  }
  return file;
}
