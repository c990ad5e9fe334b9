import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder in which tooling/tfjs-node/build.mjs has installed tfjs-node, for `startTfjsNode`; undefined where it has not run.
 * Tests that need it skip without it, and say so.
 */
export function tfjsNodeFolder(): string | undefined {
  const folder =
    process.env['HYBRIDCAM_TFJS_NODE'] ?? path.resolve(import.meta.dirname, '../../tfjs-node/.cache');
  const addon = path.join(folder, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node');
  return existsSync(addon) ? folder : undefined;
}
