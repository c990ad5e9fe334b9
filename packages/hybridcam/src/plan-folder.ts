import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanStore } from '@hybridcam/onnx';
import { writeWholeFile } from './write-whole-file.ts';

/** Most plans take a few kilobytes; those of models with inline weights as much as the weights behind the layer. */
const MAX_FILES = 256;

/**
 * A folder in which the plans of backward passes outlive the process. Entries are written whole or not at all; a folder that cannot be read
 * or written holds nothing, which costs the time of planning again and nothing else. Beyond 256 plans the oldest go.
 * @example const model = await loadModel('model.onnx', { plans: createPlanFolder('.cache/plans') });
 */
export function createPlanFolder(folder: string): PlanStore {
  return {
    read: (name) =>
      readFile(join(folder, `${name}.plan`)).then(
        (file) => new Uint8Array(file.buffer, file.byteOffset, file.byteLength),
        () => undefined,
      ),
    write: async (name, entry) => {
      try {
        await writeWholeFile(join(folder, `${name}.plan`), entry);
        await removeOldest(folder);
      } catch {
        // A full or read-only disk is no reason to refuse an explanation.
      }
    },
  };
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.plan'));
  if (names.length <= MAX_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { file, written: (await stat(file)).mtimeMs };
    }),
  );
  files.sort((a, b) => a.written - b.written);
  for (const { file } of files.slice(0, files.length - MAX_FILES)) await rm(file, { force: true });
}
