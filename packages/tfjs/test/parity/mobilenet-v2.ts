import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { preprocess } from '@hybridcam/image';
import { decode } from '@hybridcam/image/node';
import { sharedFile } from '@hybridcam/test-utils';
import type { ParityNetwork, Picture } from './parity-network.ts';

/** MobileNetV2 with ImageNet weights and the named photographs, all from ../shared. */
export async function mobilenetV2(photographs: readonly string[]): Promise<ParityNetwork> {
  const pictures: Picture[] = [];
  for (const name of photographs) {
    const image = await decode(readFileSync(sharedFile(`photos/${name}`)));
    pictures.push({ name, input: preprocess(image, { preset: 'minus-one-one' }).input });
  }
  return {
    onnx: new Uint8Array(readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx'))),
    tfjs: path.dirname(sharedFile('models/mobilenet_v2_tfjs/model.json')),
    last: { onnx: 'layers.51', tfjs: 'conv_51_relu6' },
    middle: { onnx: 'layers.39', tfjs: 'conv_39_relu6' },
    kinks: [40, 42, 43, 45, 46, 48, 49, 51].map((i) => ({
      onnx: `layers.${i}`,
      tfjs: `${i % 3 === 1 ? 'dw' : 'conv'}_${i}_relu6`,
    })),
    ceiling: 6,
    pictures,
  };
}

/**
 * Names of `count` photographs in ../shared, evenly chosen.
 * @public parity.mjs loads this file.
 */
export function photographNames(count: number): string[] {
  const photographs = readdirSync(sharedFile('photos')).sort();
  const step = Math.floor(photographs.length / count);
  return photographs.filter((_, i) => i % step === 0).slice(0, count);
}
