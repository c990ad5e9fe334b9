import type { Diagnosis } from './diagnose.ts';

/** Opsets that `bake` takes. */
const OLDEST_BAKED_OPSET = 11;

/** How the command line named the model, and what else it said of it. */
export interface ModelArguments {
  readonly model: string;
  readonly output?: string | undefined;
  readonly tokens?: string | undefined;
}

/** Command lines worth running next, most useful first; empty where none would work. */
export function nextCommands({ file, examination }: Diagnosis, asked: ModelArguments): string[] {
  const model = quoted(asked.model);
  if (examination === null) {
    const [first, ...others] = file?.outputs ?? [];
    return first === undefined || others.length === 0
      ? []
      : [first, ...others].map(({ name }) => `hybridcam doctor ${model} --output ${quoted(name)}`);
  }
  const flags = [
    ...(asked.output === undefined ? [] : [` --output ${quoted(asked.output)}`]),
    ...(asked.tokens === undefined ? [] : [` --tokens ${asked.tokens}`]),
  ].join('');
  const { input, defaultLayer, crossLayers, layers } = examination;
  const explain = `hybridcam explain photo.jpg --model ${model}${flags}`;
  const commands: string[] = [];
  const works = defaultLayer !== null && defaultLayer.gradient !== 'unavailable';
  const other = layers.findLast(({ gradient }) => gradient !== 'unavailable');
  if (input.channels === 3) {
    if (crossLayers !== null) commands.push(`${explain} --method cross-layer-hybrid`);
    else if (works) commands.push(explain);
    else if (other !== undefined) commands.push(`${explain} --layer ${quoted(other.name)}`);
    else commands.push(`${explain} --method ${defaultLayer === null ? 'rise' : 'eigen-cam'}`);
  }
  if (layers.length > 1) commands.push(`hybridcam layers ${model}${flags}`);
  if (file !== null && works && (file.opsets['onnx'] ?? 0) >= OLDEST_BAKED_OPSET) {
    const open = input.height === null || input.width === null ? ' --size 224x224' : '';
    commands.push(`hybridcam bake ${model}${flags}${open} -o model-cam.onnx`);
  }
  return commands;
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./\\:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
