import { OptionError } from '@hybridcam/core';
import { bakeModel, readOnnx } from '@hybridcam/onnx';
import { loadOnnxRuntime } from '../../onnx-runtime.ts';
import { writeWholeFile } from '../../write-whole-file.ts';
import { bakeFlags, bakeOptions } from '../bake/bake-flags.ts';
import { bakeSource } from '../bake/bake-source.ts';
import { bakedFacts, bakedText } from '../bake/baked-text.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import type { FlagValues } from '../flags.ts';
import { oneModel } from '../one-model.ts';
import { jsonLine } from '../plain-text.ts';
import { createProgress } from '../progress.ts';

export const bakeCommand: Command<typeof bakeFlags> = {
  name: 'bake',
  usage: '[--model] FILE.onnx -o OUT.onnx [flags]',
  summary: 'write a model that returns its own explanation',
  description:
    'Writes one ordinary ONNX file that returns the original outputs and "cam", the class activation map [batch, height, width], in any ONNX Runtime, in any language, without this program.',
  flags: bakeFlags,
  examples: [
    'hybridcam bake resnet50.onnx --layer layer4.2 --alpha 0.7 -o resnet50-cam.onnx',
    'hybridcam bake resnet50.onnx --method cross-layer-hybrid --save saliency -o out.onnx',
    'hybridcam bake model.onnx --inputs class,alpha -o model-cam.onnx',
  ],
  run: bake,
};

async function bake(
  flags: FlagValues<typeof bakeFlags>,
  positionals: readonly string[],
  { stdout, stderr, signal }: CommandContext,
): Promise<number> {
  const file = oneModel('bake', flags.model, positionals);
  const { out } = flags;
  if (out === undefined) {
    throw new OptionError('bake: expected the file to write; received no --out. For example: -o baked.onnx');
  }
  // All flags are read before anything is loaded: a slip should not cost the wait.
  const options = bakeOptions(flags);
  const progress = createProgress(stderr, { quiet: flags.quiet === true });
  try {
    progress.show('reading the model');
    const source = await bakeSource(file, out, flags, signal);
    const ort = await loadOnnxRuntime();
    progress.show('differentiating the model');
    const bytes = await bakeModel(source.bytes, {
      ...options,
      ort,
      externalData: source.externalData,
      signal,
    });
    await writeWholeFile(out, bytes, { signal });
    progress.clear();
    const baked = readOnnx(bytes);
    if (flags.json) stdout.write(`${jsonLine(bakedFacts(baked, source.bytes, out))}\n`);
    else if (!flags.quiet) stdout.write(bakedText(baked, source.bytes, out));
  } finally {
    progress.clear();
  }
  return EXIT.done;
}
