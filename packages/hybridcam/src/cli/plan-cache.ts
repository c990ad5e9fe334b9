import { join } from 'node:path';
import type { PlanStore } from '@hybridcam/onnx';
import { createPlanFolder } from '../plan-folder.ts';

/** The folder `plans` of the user's cache. Where that is, zoo knows, which only commands that need it should load. */
export const planCache: PlanStore = {
  read: async (name) => (await folder()).read(name),
  write: async (name, entry) => (await folder()).write(name, entry),
};

async function folder(): Promise<PlanStore> {
  const { cacheFolder } = await import('@hybridcam/zoo/node');
  return createPlanFolder(join(cacheFolder(process.env), 'plans'));
}
