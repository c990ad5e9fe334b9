import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateScene, loadScenesNetwork } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { newFolder } from './bench-process.ts';

/** A folder of pictures and a model file: the input of a run that workers have to fetch. */
export interface Photographs {
  readonly images: string;
  readonly model: string;
  /** `--images … --model …` with the model's own preprocessing. */
  readonly flags: readonly string[];
}

export async function photographs(count: number): Promise<Photographs> {
  const images = newFolder();
  for (let i = 0; i < count; i++) {
    const { image } = generateScene({ seed: 7000 + i });
    writeFileSync(path.join(images, `${String(i).padStart(4, '0')}.png`), encodePng(image));
  }
  const model = path.join(newFolder(), 'network.onnx');
  writeFileSync(model, await scenesOnnxModel(await loadScenesNetwork()));
  return { images, model, flags: ['--images', images, ...flagsFor(model)] };
}

/** The scenes network as a file, which does not know its preprocessing. */
export function flagsFor(model: string): string[] {
  const preprocessing = ['--mean', '0.5,0.5,0.5', '--std', '0.5,0.5,0.5', '--resize', '96', '--crop', '96'];
  return ['--model', model, ...preprocessing];
}
