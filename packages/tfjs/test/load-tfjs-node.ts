import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';

const home =
  process.env['HYBRIDCAM_TFJS_NODE'] ??
  path.resolve(import.meta.dirname, '../../../tooling/tfjs-node/.cache');

/** Whether tooling/tfjs-node/build.mjs has been run here. */
export const hasTfjsNode: boolean = existsSync(
  path.join(home, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'),
);

/** Registers the `tensorflow` backend. Its tfjs-core is another copy than ours; engine and kernels are global, so both see it. */
export function loadTfjsNode(): void {
  // tfjs-node 4.22 uses two helpers that Node 23 removed.
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
  const { warn } = console;
  // It brings its own cpu backend and registers 200 kernels again, each with a warning.
  console.warn = () => undefined;
  try {
    createRequire(path.join(home, 'package.json'))('@tensorflow/tfjs-node');
  } finally {
    console.warn = warn;
  }
}
