import { statusSentences } from '@hybridcam/core';
import type { FileFacts } from '@hybridcam/onnx';
import { plainText } from '../plain-text.ts';
import { displayWidth, fit, wrap } from '../text-layout.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Examination } from './examine-model.ts';
import type { Cost } from './measure-costs.ts';
import { type ModelArguments, nextCommands } from './next-commands.ts';

const TITLE_COLUMNS = 16;
const COLUMNS = 80;

/** The diagnosis as one flat object. */
export function diagnosisJson(diagnosis: Diagnosis, asked: ModelArguments): Record<string, unknown> {
  const { file, classifier, examination, problem } = diagnosis;
  return { file, classifier, ...examination, problem, next: nextCommands(diagnosis, asked) };
}

/** The diagnosis as sentences for a person, 80 columns wide. */
export function diagnosisText(diagnosis: Diagnosis, asked: ModelArguments): string {
  const { file, examination, problem } = diagnosis;
  const name = examination?.model.name ?? asked.model.split(/[\\/]/).at(-1)!;
  const commands = nextCommands(diagnosis, asked);
  const lines = [
    plainText(name),
    ...(file === null ? [] : fileRows(file)),
    ...(examination === null ? [] : modelRows(diagnosis, examination)),
    ...(problem === null ? [] : [row('problem', problem.message)]),
    ...(examination === null ? [] : ['', 'One picture on this machine:', ...costRows(examination.cost)]),
    ...(commands.length === 0 ? [] : ['', 'Next:', ...commands.map((command) => `  ${plainText(command)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function fileRows(file: FileFacts): string[] {
  const { opsets, irVersion, producer, nodes, operators, weights } = file;
  const sets = Object.entries(opsets).map(([domain, version]) =>
    domain === 'onnx' ? `opset ${version}` : `${domain} ${version}`,
  );
  // Constants are weights in another form.
  const kinds = Object.entries(operators).filter(([name]) => name !== 'Constant');
  const most = kinds.slice(0, 4).map(([name, count]) => `${count} ${name}`);
  const more = kinds.length > 4 ? ' …' : '';
  const beside = weights.externalFiles.length === 0 ? '' : `, in ${someNames(weights.externalFiles)}`;
  return [
    row(
      'file',
      `${size(file.bytes)}, ${sets.join(', ')}, IR ${irVersion}${producer === null ? '' : `, by ${producer}`}`,
    ),
    row('graph', `${nodes} node${nodes === 1 ? '' : 's'}: ${most.join(', ')}${more}`),
    row(
      'weights',
      `${weights.parameters.toLocaleString('en-US')} in ${weights.tensors} tensor${weights.tensors === 1 ? '' : 's'}, ${size(weights.bytes)}, ${weights.dataTypes.join(', ')}${beside}`,
    ),
  ];
}

function modelRows({ classifier }: Diagnosis, examination: Examination): string[] {
  const { input, defaultLayer, layerCount, layers, crossLayers, blocks } = examination;
  const extent = (value: number | null): string => (value === null ? 'any' : String(value));
  const shape = `${input.channels}×${extent(input.height)}×${extent(input.width)}`;
  const kind =
    classifier === null
      ? ''
      : `, ${classifier.inputType}, channels ${classifier.inputLayout === 'nchw' ? 'first' : 'last'}`;
  const batch = input.batch === null ? 'any batch' : `${input.batch} at a time`;
  return [
    row('input', `"${input.name}", ${shape}, ${batch}${kind}`),
    row('scores', scoresText(examination, classifier)),
    ...(classifier === null ? [] : [row('head', headText(classifier.head))]),
    row(
      'default layer',
      defaultLayer === null
        ? 'none: no tensor is a map of places'
        : `${defaultLayer.name}${shapeText(defaultLayer.shape)}: ${gradientText(defaultLayer.gradient)}`,
    ),
    ...(layers.length === 0
      ? []
      : [
          row(
            'layers',
            `${layerCount.constant} in closed form, ${layerCount.varying} by a backward pass, ${layerCount.unavailable} without a gradient`,
          ),
          row(
            'cross-layer',
            crossLayers === null
              ? 'no second layer of twice the resolution with a gradient'
              : crossLayers.join(' × '),
          ),
        ]),
    ...methodRows(examination),
    ...blocks.map(({ reason, layers: names }) => row('blocked', `${someNames(names)}: ${reason}`)),
    ...(input.channels === 3
      ? []
      : [
          row(
            'pictures',
            `need ${input.channels} channel: hybridcam explain prepares three; use the library with an input of your own`,
          ),
        ]),
  ];
}

function row(title: string, text: string): string {
  const indent = ' '.repeat(TITLE_COLUMNS + 2);
  return `  ${title.padEnd(TITLE_COLUMNS)}${wrap(plainText(text), COLUMNS - TITLE_COLUMNS - 2, indent)}`;
}

function scoresText({ classCount, scoreKind }: Examination, classifier: Diagnosis['classifier']): string {
  const stripped = classifier?.strippedActivation;
  const logits = stripped ? `as logits, from before the final ${stripped}` : 'as logits';
  const kind =
    scoreKind === 'logit'
      ? logits
      : 'as probabilities; no logits could be reached, so a saturated answer has hardly any gradient';
  if (classCount === 1) return `one, ${kind}; explained towards the side it decides for`;
  return `${classCount} classes, ${kind}`;
}

function headText({
  operators,
  closedForm,
  linear,
  reason,
}: NonNullable<Diagnosis['classifier']>['head']): string {
  if (operators.length === 0) return `no closed form: ${reason}`;
  const shown = operators.length > 6 ? [...operators.slice(0, 5), `… ${operators.at(-1)}`] : operators;
  const form = closedForm
    ? linear
      ? 'linear, the gradient is a constant of the weights'
      : 'the gradient comes in closed form'
    : `no closed form: ${reason}`;
  return `${shown.join(' → ')}: ${form}`;
}

function gradientText(gradient: NonNullable<Examination['defaultLayer']>['gradient']): string {
  if (gradient === 'constant') return 'its gradient comes in closed form, without a backward pass';
  if (gradient === 'varying') return 'its gradient takes a backward pass';
  return 'no gradient reaches it';
}

function methodRows({ methods }: Examination): string[] {
  const working = methods.filter(({ refusal }) => refusal === null);
  const many = working.filter(({ runs }) => runs !== 1);
  const counts = many.map(({ name, runs }) => `${name} ${runs?.toLocaleString('en-US') ?? 'unknown'}`);
  return [
    row('methods', working.map(({ name }) => name).join(', ') || 'none'),
    ...(counts.length === 0
      ? []
      : [row('many runs', `of the network, or of what is behind the layer: ${counts.join(', ')}`)]),
    ...refusals(methods).map(([reason, names]) => row('not here', `${names.join(', ')}: ${reason}`)),
  ];
}

/** Why methods do not work, each reason once. */
function refusals(methods: Examination['methods']): [reason: string, names: string[]][] {
  const byReason = new Map<string, string[]>();
  for (const { name, refusal } of methods) {
    const reason = refusal?.replace(/^\w+: /, '').replace(` for ${name}`, '');
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason];
}

function costRows(cost: readonly Cost[]): string[] {
  return cost.flatMap(({ what, layers, milliseconds, ratio, status }) => {
    const title = `  ${what === 'forward' ? 'forward pass' : `${what} at ${layers.map(plainText).join(' × ')}`}`;
    const time = `${milliseconds < 9.95 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`.padStart(10);
    const times = `${ratio.toFixed(2)} ×`.padStart(9);
    const line = `${displayWidth(title) > 58 ? fit(title, 58) : title.padEnd(58)}${time}${times}`;
    return status === 'zero-gradient' ? [line, `    ${wrap(statusSentences[status], 76, '    ')}`] : [line];
  });
}

function shapeText(shape: readonly number[] | null): string {
  return shape === null ? '' : `, ${shape.join('×')}`;
}

function someNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}
