import { decodeBase64 } from './base64.ts';
import { readScenesNetwork, type ScenesNetwork } from './scenes-network.ts';

/**
 * The bytes of the network that comes with the package: `weights/scenes.safetensors`, carried as text in a module of its own, so
 * that Node, browsers and bundlers load it alike, with no file access and no fetch, and only when it is asked for.
 */
export async function loadScenesWeights(): Promise<Uint8Array> {
  const { scenesWeights } = await import('./scenes-weights.ts');
  return decodeBase64(scenesWeights);
}

/**
 * The network that comes with the package, checked against the hash recorded when it was trained.
 * @throws IntegrityError when the installed bytes are damaged
 * @example (await loadScenesNetwork()).classes[2] // 'fish'
 */
export async function loadScenesNetwork(): Promise<ScenesNetwork> {
  const { scenesWeightsSha256 } = await import('./scenes-weights.ts');
  return readScenesNetwork(await loadScenesWeights(), scenesWeightsSha256);
}
