import { type OnnxModel, readOnnx } from '@hybridcam/onnx';
import { plainText } from '../plain-text.ts';
import { wrap } from '../text-layout.ts';

/** What is new in a baked file, for `--json`. */
export function bakedFacts(baked: OnnxModel, original: Uint8Array, out: string): Record<string, unknown> {
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

/** What is new in a baked file, for a person. */
export function bakedText(baked: OnnxModel, original: Uint8Array, out: string): string {
  const { metadata, graph } = baked;
  const fact = (key: string): string | undefined => metadata.get(`hybridcam.${key}`);
  const alpha = fact('alpha');
  const before = readOnnx(original);
  const added = (kind: 'inputs' | 'outputs'): OnnxModel['graph']['inputs'] =>
    graph[kind].filter(({ name }) => !before.graph[kind].some((value) => value.name === name));
  const outputs = added('outputs').map(({ name, shape }) => `${name} [${shape?.join(',') ?? '?'}]`);
  const inputs = added('inputs').map(({ name }) => name);
  const kilobytes = Math.ceil((baked.bytes.length - original.length) / 1024);
  const what = `${fact('method')}${alpha === undefined ? '' : `, alpha ${alpha}`}, at ${fact('layers')?.replace(',', ' × ')}, of ${fact('class') === 'argmax' ? 'the best class' : `class ${fact('class')}`}`;
  const needed = fact('inputs')?.endsWith('(required)') ? 'must be fed' : 'may be left out';
  const lines = [
    `${what}.`,
    `Adds ${outputs.join(', ')} (${kilobytes} kB to the file).`,
    inputs.length === 0 ? '' : `Takes ${inputs.join(' and ')} too: ${needed}.`,
    fact('input')?.startsWith('any') ? '' : `Works for inputs of ${fact('input')} only.`,
  ];
  const text = lines.filter((line) => line !== '').map((line) => `  ${wrap(plainText(line), 78, '  ')}\n`);
  return `${plainText(out)}\n${text.join('')}`;
}
