import { join } from 'node:path';
import { pack } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../read-npy.ts';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PHOTOGRAPHS = [
  'n02123045_tabby',
  'n02099601_golden_retriever',
  'n04285008_sports_car',
  'n07753592_banana',
];
const ALPHAS = ['0.0', '0.3', '0.5', '0.7', '1.0'];

describe.skipIf(!sharedFolder())('hybridcam explain against PyTorch, from the JPEG (needs ../shared)', () => {
  it.each([
    ['--normalize minmax', ['--normalize', 'minmax']],
    ['--preset notebook', ['--preset', 'notebook']],
  ])('agrees within 1e-4 for all five alphas and names the same class with %s', async (_, flags) => {
    const out = temporaryFolder();
    const { code, stdout } = await runCommand([
      'explain',
      ...PHOTOGRAPHS.map((name) => sharedFile(`photos/${name}.JPEG`)),
      ...['--model', sharedFile('models/mobilenet_v2_imagenet.onnx')],
      ...['--labels', sharedFile('models/imagenet_classes.txt')],
      ...['--mean', '0.5,0.5,0.5', '--std', '0.5,0.5,0.5', '--layer', 'layers.51'],
      ...['--alpha', ALPHAS.join(), '--save', 'cam', '--out', out, '--json', ...flags],
    ]);
    expect(code).toBe(0);
    const reports = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports).toHaveLength(PHOTOGRAPHS.length * ALPHAS.length);
    for (const name of PHOTOGRAPHS) {
      const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${name}.safetensors`));
      for (const alpha of ALPHAS) {
        const cam = readNpy(join(out, `${name}.hybrid.a${Number(alpha)}.cam.npy`));
        expect(cam.shape).toEqual([7, 7]);
        const expected = reference.get(`layers.51.seed.hybrid.${alpha}`)!;
        expectClose(cam.data, pack(expected), { absolute: 1e-4 });
        const report = reports.find((entry) => entry.alpha === Number(alpha) && entry.file.includes(name));
        expect(report.class.index).toBe(reference.get('class')!.data[0]);
      }
    }
  });
});
