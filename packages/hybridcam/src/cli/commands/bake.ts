import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { normalizations, OptionError } from '@hybridcam/core';
import {
  type BakeMethod,
  type BakeOptions,
  bakeInputs,
  bakeMethods,
  bakeModel,
  bakeOutputs,
  type OnnxModel,
  readOnnx,
} from '@hybridcam/onnx';
import { loadOnnxRuntime } from '../../onnx-runtime.ts';
import { type OnnxSource, onnxSource } from '../../onnx-source.ts';
import { writeWholeFile } from '../../write-whole-file.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceValue, countValue, listValue, numberValue } from '../flag-values.ts';
import type { Flag, FlagValues, ValueFlag } from '../flags.ts';
import { offlineFlag, weightsFlag } from '../model-flags.ts';
import { oneModel } from '../one-model.ts';
import { jsonLine, plainText } from '../plain-text.ts';
import { createProgress } from '../progress.ts';
import { wrap } from '../text-layout.ts';

const FLAGS = {
  model: {
    value: 'FILE',
    short: 'm',
    help: 'The classifier: an ONNX file, or a name; the flag itself may be left out.',
  },
  weights: weightsFlag as ValueFlag,
  offline: offlineFlag as Flag,
  out: { value: 'FILE', short: 'o', help: 'The file to write; must not be the model itself. Needed.' },
  layer: {
    value: 'NAME[,NAME]',
    help: 'Where to look; "auto" is the last spatial layer. See hybridcam layers. For cross-layer-hybrid the layer of Grad-CAM, then that of LayerCAM. Default: auto.',
  },
  method: { value: 'NAME', help: `${bakeMethods.join(', ')}. Default: hybrid.` as string },
  alpha: {
    value: 'A',
    help: 'Mix of the hybrids, 0 (LayerCAM) to 1 (Grad-CAM); with --inputs alpha its default. Default: 0.7.',
  },
  normalize: {
    value: 'max|minmax|none',
    help: 'Range of the output cam: by the maximum, from minimum to maximum, or raw values. Default: none.',
  },
  class: {
    value: 'INDEX',
    help: 'Explain this class; with --inputs class its default. Default: the best class of each image, found in the file.',
  },
  inputs: {
    value: 'NAME[,NAME]',
    help: 'More inputs, which callers may leave out: class (int64, -1 for the best), alpha (float32). Default: none.',
  },
  'required-inputs': {
    help: 'Callers must feed --inputs. onnxruntime-node and onnxruntime-web cannot feed inputs that may be left out; Python and C can.',
  },
  save: {
    value: 'KIND[,KIND…]',
    help: 'More outputs: saliency (0 to 1, at the size of the input), activations, gradients. Default: none.',
  },
  size: {
    value: 'HEIGHTxWIDTH',
    help: 'The input size the file shall work at. Needed where the model leaves it open.',
  },
  output: {
    value: 'NAME',
    help: 'The output with the class scores, where there are several. Default: the only one.',
  },
  prefix: { value: 'TEXT', help: 'Put before the names of added inputs and outputs. Default: none.' },
  json: { help: 'What was written, as one JSON object on stdout.' },
  quiet: { short: 'q', help: 'No progress and no summary; errors still show.' },
} as const;

export const bakeCommand: Command<typeof FLAGS> = {
  name: 'bake',
  usage: '[--model] FILE.onnx -o OUT.onnx [flags]',
  summary: 'write a model that returns its own explanation',
  description:
    'Writes one ordinary ONNX file that returns the original outputs and "cam", the class activation map [batch, height, width], in any ONNX Runtime, in any language, without this program.',
  flags: FLAGS,
  examples: [
    'hybridcam bake resnet50.onnx --layer layer4.2 --alpha 0.7 -o resnet50-cam.onnx',
    'hybridcam bake resnet50.onnx --method cross-layer-hybrid --save saliency -o out.onnx',
    'hybridcam bake model.onnx --inputs class,alpha -o model-cam.onnx',
  ],
  run: bake,
};

async function bake(
  flags: FlagValues<typeof FLAGS>,
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
    const source = await readSource(file, out, flags, signal);
    const ort = await loadOnnxRuntime();
    progress.show('differentiating the model');
    const bytes = await bakeModel(source.bytes, {
      ...options,
      ort,
      externalData: source.externalData,
      signal,
    });
    await writeWholeFile(out, bytes);
    progress.clear();
    const baked = readOnnx(bytes);
    if (flags.json) stdout.write(`${jsonLine(facts(baked, source.bytes, out))}\n`);
    else if (!flags.quiet) stdout.write(summary(baked, source.bytes, out));
  } finally {
    progress.clear();
  }
  return EXIT.done;
}

function bakeOptions(flags: FlagValues<typeof FLAGS>): Omit<BakeOptions, 'ort'> {
  const { layer, method, alpha, normalize, inputs, save, size, output, prefix } = flags;
  return {
    layers: layer === undefined || layer === 'auto' ? undefined : listValue('--layer', layer),
    method: method === undefined ? undefined : bakeMethod(method),
    alpha: alpha === undefined ? undefined : numberValue('--alpha', alpha, { min: 0, max: 1 }),
    normalize: normalize === undefined ? undefined : choiceValue('--normalize', normalize, normalizations),
    classIndex: flags.class === undefined ? undefined : countValue('--class', flags.class, 0),
    inputs: inputs === undefined ? undefined : choices('--inputs', inputs, bakeInputs),
    requiredInputs: flags['required-inputs'],
    outputs: save === undefined ? undefined : choices('--save', save, bakeOutputs),
    inputSize: size === undefined ? undefined : sizeValue(size),
    output,
    prefix,
  };
}

/** Names that the library refuses with a reason are left to it. */
function bakeMethod(name: string): BakeMethod {
  const refused = ['eigen-cam', 'eigen-grad-cam', 'fem', 'ablation-cam', 'cam'];
  return refused.includes(name) ? (name as BakeMethod) : choiceValue('--method', name, bakeMethods);
}

function choices<const T extends string>(flag: string, text: string, names: readonly T[]): T[] {
  return listValue(flag, text).map((name) => choiceValue(flag, name, names));
}

function sizeValue(text: string): [height: number, width: number] {
  const match = /^(\d{1,5})(?:[x×](\d{1,5}))?$/.exec(text.trim());
  const [, height = '', width = height] = match ?? [];
  if (!match || Number(height) < 1 || Number(width) < 1) {
    throw new OptionError(`--size: expected HEIGHTxWIDTH, such as 224x224; received "${text}".`);
  }
  return [Number(height), Number(width)];
}

async function readSource(
  file: string,
  out: string,
  { weights, offline }: { readonly weights?: string; readonly offline?: true },
  signal: AbortSignal,
): Promise<OnnxSource> {
  if ((await actualPath(out)) === (await actualPath(file))) {
    throw new OptionError(`bake: expected another file than the model for --out; received "${out}".`);
  }
  const source = await onnxSource(file, { weights, offline, signal });
  const [beside] = source.externalData?.keys() ?? [];
  if (beside !== undefined && (await actualFolder(out)) !== (await actualFolder(file))) {
    throw new OptionError(
      `bake: expected --out in the folder of the model, whose weights lie beside it in "${beside}"; received "${out}".`,
    );
  }
  return source;
}

async function actualPath(path: string): Promise<string> {
  return realpath(path).catch(async () => join(await actualFolder(path), basename(path)));
}

async function actualFolder(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  return realpath(folder).catch(() => folder);
}

/** What is new in a baked file, for `--json`. */
function facts(baked: OnnxModel, original: Uint8Array, out: string): Record<string, unknown> {
  const before = readOnnx(original);
  const added = (kind: 'inputs' | 'outputs') =>
    baked.graph[kind]
      .filter(({ name }) => !before.graph[kind].some((value) => value.name === name))
      .map(({ name, shape, dataType }) => ({ name, dataType: dataType ?? null, shape: shape ?? null }));
  const metadata = Object.fromEntries(
    [...baked.metadata].flatMap(([key, value]) =>
      key.startsWith('hybridcam.') ? [[key.slice('hybridcam.'.length), value]] : [],
    ),
  );
  return {
    file: out,
    bytes: baked.bytes.length,
    addedBytes: baked.bytes.length - original.length,
    ...metadata,
    addedInputs: added('inputs'),
    addedOutputs: added('outputs'),
  };
}

function summary(baked: OnnxModel, original: Uint8Array, out: string): string {
  const { metadata, graph } = baked;
  const fact = (key: string): string | undefined => metadata.get(`hybridcam.${key}`);
  const alpha = fact('alpha');
  const before = readOnnx(original);
  const names = new Set([...before.graph.inputs, ...before.graph.outputs].map(({ name }) => name));
  const added = [...graph.inputs, ...graph.outputs].filter(({ name }) => !names.has(name));
  const shapes = added.map(({ name, shape }) => `${name} [${shape?.join(', ') ?? '?'}]`).join(', ');
  const kilobytes = Math.ceil((baked.bytes.length - original.length) / 1024);
  const what = `${fact('method')}${alpha === undefined ? '' : `, alpha ${alpha}`}, at ${fact('layers')?.replace(',', ' × ')}, of ${fact('class') === 'argmax' ? 'the best class' : `class ${fact('class')}`}`;
  const lines = [
    `${what}.`,
    `Adds ${shapes} (${kilobytes} kB to the file).`,
    fact('input')?.startsWith('any') ? '' : `Works for inputs of ${fact('input')} only.`,
  ];
  const text = lines.filter((line) => line !== '').map((line) => `  ${wrap(plainText(line), 78, '  ')}\n`);
  return `${plainText(out)}\n${text.join('')}`;
}
