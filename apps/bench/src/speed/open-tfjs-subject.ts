import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pack } from '@hybridcam/core';
import { createTfjsModel } from '@hybridcam/tfjs';
import { loadTfjsModelFile } from '@hybridcam/tfjs/node';
import type { Network, Parameters } from '@hybridcam/zoo';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { startTfjsDevice, type TfjsDevice } from 'hybridcam/command-kit';
import type { SpeedSubject } from './speed-subject.ts';

/** A model.json, or a network built in memory. */
export type TfjsSource = string | { readonly network: Network; readonly parameters: Parameters };

/** A model in TensorFlow.js; the plain forward pass is `predict` on the very model that is explained. */
export async function openTfjsSubject(
  source: TfjsSource,
  name: string,
  device: TfjsDevice,
): Promise<SpeedSubject> {
  await startTfjsDevice(device);
  const tf = await import('@tensorflow/tfjs-core');
  const { plain, topology } = typeof source === 'string' ? await load(source) : await build(source);
  const model = await createTfjsModel(plain, { name, artifacts: { modelTopology: topology } });
  const inputs: { dispose(): void }[] = [];
  return {
    model,
    plainForward(input) {
      const shape = input.shape as [number, number, number, number];
      const image = tf.tidy(() => tf.transpose(tf.tensor4d(pack(input), shape), [0, 2, 3, 1]));
      inputs.push(image);
      return async () => {
        const scores = plain.predict(image) as ReturnType<typeof tf.tensor>;
        await scores.data();
        scores.dispose();
      };
    },
    async dispose() {
      for (const input of inputs) input.dispose();
      await model.dispose();
      plain.dispose();
    },
  };
}

interface PlainModel {
  readonly plain: LayersModel | GraphModel;
  readonly topology: unknown;
}

async function build({ network, parameters }: Exclude<TfjsSource, string>): Promise<PlainModel> {
  const { layersModel } = await import('@hybridcam/zoo/tfjs');
  return { plain: layersModel(network, parameters), topology: undefined };
}

async function load(file: string): Promise<PlainModel> {
  // Refuses what is broken or leaves the folder, so that the rest may trust the manifest.
  await (await loadTfjsModelFile(file)).dispose();
  const tf = await import('@tensorflow/tfjs-core');
  const json = JSON.parse(await readFile(file, 'utf8'));
  const topology = json.modelTopology;
  const groups: { paths: string[]; weights: never[] }[] = json.weightsManifest;
  const shards = groups
    .flatMap(({ paths }) => paths)
    .map((shard) => readFile(path.join(path.dirname(file), shard)));
  const handler = tf.io.fromMemory({
    modelTopology: topology,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(await Promise.all(shards))).buffer,
    ...(json.signature === undefined ? {} : { signature: json.signature }),
  });
  if (!Array.isArray(topology.node)) {
    const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
    return { plain: await loadLayersModel(handler), topology };
  }
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  return { plain: (await loadGraphModel(handler)) as unknown as GraphModel, topology };
}
