import { readFileSync } from 'node:fs';
import { sharedFile } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** MobileNetV2 with ImageNet weights from ../shared as a LayersModel. */
export async function loadSharedModel(): Promise<tfl.LayersModel> {
  const topology = JSON.parse(readFileSync(sharedFile('models/mobilenet_v2_tfjs/model.json'), 'utf8'));
  const bytes = readFileSync(sharedFile('models/mobilenet_v2_tfjs/weights.bin'));
  return tfl.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
      weightData: new Uint8Array(bytes).buffer,
    }),
  );
}
