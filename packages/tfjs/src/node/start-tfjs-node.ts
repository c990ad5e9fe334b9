import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { CamError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';

const PACKAGE = '@tensorflow/tfjs-node';

/**
 * Makes tfjs-node, TensorFlow's native library, the active backend. It is no dependency of ours: it is looked for in `folder` if one
 * is given, else from this package's place and then from the current folder. On Node 23 and newer, tfjs-node 4.22 gets the two
 * helpers back that it needs and Node has removed.
 *
 * @param folder that holds `node_modules/@tensorflow/tfjs-node`. Default: the environment's HYBRIDCAM_TFJS_NODE
 * @throws CamError of code NOT_FOUND where it is not installed, RUNTIME where its native library does not load
 * @example
 * await startTfjsNode();
 * const model = await loadTfjsModelFile('model.json');
 */
export async function startTfjsNode(
  folder: string | undefined = process.env['HYBRIDCAM_TFJS_NODE'],
): Promise<void> {
  const entry = locate(folder === undefined ? [import.meta.dirname, process.cwd()] : [path.resolve(folder)]);
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
  const quiet = tf.env().getBool('PROD');
  // It may bring copies of tfjs packages that are loaded already; engine and registries are global, and each kernel registered
  // again would be a warning.
  tf.env().set('PROD', true);
  try {
    createRequire(entry)(entry);
    if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0]!;
    throw new CamError(
      'RUNTIME',
      `startTfjsNode: ${PACKAGE} is installed but does not start (${reason}). Where its native library is missing, let its install ` +
        `script run (npm rebuild ${PACKAGE}), or build it with tooling/tfjs-node/build.mjs of the hybridcam repository.`,
      { cause },
    );
  } finally {
    tf.env().set('PROD', quiet);
  }
}

/** The package's main file, from the first folder that finds it. */
function locate(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      return createRequire(path.join(folder, 'package.json')).resolve(PACKAGE);
    } catch {
      // The next folder may know it.
    }
  }
  throw new CamError(
    'NOT_FOUND',
    `startTfjsNode: expected ${PACKAGE} in ${folders.join(' or ')}; it is not there. Install: npm install ${PACKAGE}. ` +
      `Where its download fails, build it with tooling/tfjs-node/build.mjs of the hybridcam repository.`,
  );
}
