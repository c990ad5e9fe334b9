import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, test } from 'vitest';
import { type PresetName, preprocess, presets } from '../src/index.ts';
import { decode } from '../src/node.ts';

const { photos } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'fixtures/photo-hashes.json'), 'utf8'),
) as { photos: Record<string, Record<string, string>> };

const folder = sharedFolder();

describe.skipIf(!folder)('67 photographs (skipped where ../shared/photos is absent)', () => {
  test.for(Object.entries(photos))(
    '%s: decode and preprocess agree with PIL and torchvision in every bit',
    async ([name, hashes]) => {
      const image = await decode(sharedFile(`photos/${name}`));
      expect(sha256(rgbOf(image.data)), 'decoded pixels').toBe(hashes['rgb']);
      for (const preset of Object.keys(presets) as PresetName[]) {
        const { input } = preprocess(image, { preset });
        expect(sha256(input.data), preset).toBe(hashes[preset]);
      }
    },
  );
});

describe.skipIf(!folder)('the inputs PyTorch was given (skipped where ../shared/reference is absent)', () => {
  const cases: [photo: string, preset: PresetName, file: string][] = [
    ['n02123045_tabby', 'minus-one-one', 'mobilenet_v2.n02123045_tabby'],
    ['n02099601_golden_retriever', 'minus-one-one', 'mobilenet_v2.n02099601_golden_retriever'],
    ['n04285008_sports_car', 'minus-one-one', 'mobilenet_v2.n04285008_sports_car'],
    ['n07753592_banana', 'minus-one-one', 'mobilenet_v2.n07753592_banana'],
    ['n02123045_tabby', 'torchvision', 'resnet50.seed0'],
  ];

  test.for(cases)('%s with %s is the input of %s, bit for bit', async ([photo, preset, file]) => {
    const { input } = preprocess(await decode(sharedFile(`photos/${photo}.JPEG`)), { preset });
    expectClose(input, readSafetensors(sharedFile(`reference/${file}.safetensors`)).get('input')!);
  });
});

function rgbOf(rgba: Uint8Array | Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4) {
    rgb[o++] = rgba[i]!;
    rgb[o++] = rgba[i + 1]!;
    rgb[o++] = rgba[i + 2]!;
  }
  return rgb;
}

function sha256(data: Uint8Array | Float32Array): string {
  return createHash('sha256').update(data).digest('hex');
}
