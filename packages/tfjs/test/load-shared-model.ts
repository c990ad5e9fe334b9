import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedFile } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** MobileNetV2 with ImageNet weights from ../shared as a LayersModel. */
export function loadSharedModel(): Promise<tfl.LayersModel> {
  return loadFolder(path.dirname(sharedFile('models/mobilenet_v2_tfjs/model.json')));
}

/** The LayersModel of model.json and weights.bin in a folder, as TensorFlow.js reads it. */
export async function loadFolder(folder: string): Promise<tfl.LayersModel> {
  const topology = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const bytes = readFileSync(path.join(folder, 'weights.bin'));
  return tfl.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
      weightData: new Uint8Array(bytes).buffer,
    }),
  );
}
