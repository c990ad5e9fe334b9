import type { ZooName } from '@hybridcam/zoo';
import type { DownloadProgress } from '@hybridcam/zoo/browser';
import { zooFacts } from '../facts/zoo-facts.ts';
import type { Calls, KeptModel } from '../protocol.ts';

/** Checkpoints that the browser had no room to keep: good until the page closes. */
const inMemory = new Map<ZooName, Uint8Array>();

/** The verified bytes of a checkpoint, if an earlier download left them whole. */
export async function keptCheckpoint(name: ZooName): Promise<Uint8Array | undefined> {
  const { readKeptCheckpoint } = await import('@hybridcam/zoo/browser');
  return inMemory.get(name) ?? (await readKeptCheckpoint(name));
}

/** Downloads, verifies and keeps a checkpoint. @throws CamError NETWORK, INTEGRITY; AbortedError */
export async function downloadModel(
  name: ZooName,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<Calls['download']['result']> {
  const { fetchCheckpoint } = await import('@hybridcam/zoo/browser');
  const { bytes, stored } = await fetchCheckpoint(name, { signal, onProgress });
  if (stored === 'memory') inMemory.set(name, bytes);
  return { stored };
}

export async function keptModels(): Promise<KeptModel[]> {
  const { keptBytes } = await import('@hybridcam/zoo/browser');
  const all = await Promise.all(
    zooFacts.map(async ({ name }) => ({
      name,
      bytes: inMemory.get(name)?.length ?? (await keptBytes(name)),
    })),
  );
  return all.filter(({ bytes }) => bytes > 0);
}

export async function removeModel(name: ZooName): Promise<undefined> {
  const { removeKeptCheckpoint } = await import('@hybridcam/zoo/browser');
  inMemory.delete(name);
  await removeKeptCheckpoint(name);
}
