import { plainText } from '../plain-text.ts';
import { displayWidth, fit, wrap } from '../text-layout.ts';
import type { Cost, Examination } from './examine-model.ts';

const TITLE_COLUMNS = 16;
const COLUMNS = 80;

/** The examination as sentences for a person, 80 columns wide; `file` is what the next command should name. */
export function examinationText(examination: Examination, file: string): string {
  const { model, input, defaultLayer, layerCount, crossLayers, blocks, cost } = examination;
  const side = (extent: number | null): string => (extent === null ? 'any' : String(extent));
  const lines = [
    plainText(model.name),
    row('input', `"${input.name}", ${input.channels}×${side(input.height)}×${side(input.width)}`),
    row('scores', scoresText(examination)),
    row(
      'default layer',
      `${defaultLayer.name}${shapeText(defaultLayer.shape)}: ${gradientText(defaultLayer.gradient)}`,
    ),
    row(
      'layers',
      `${layerCount.constant} in closed form, ${layerCount.varying} by a backward pass, ${layerCount.unavailable} without a gradient`,
    ),
    row(
      'cross-layer',
      crossLayers === null ? 'no second layer of twice the resolution' : crossLayers.join(' × '),
    ),
    row('methods', methodsText(examination)),
    ...blocks.map(({ reason, layers }) => row('blocked', `${someNames(layers)}: ${reason}`)),
    ...(input.channels === 3
      ? []
      : [
          row(
            'pictures',
            `need ${input.channels} channel(s): hybridcam explain prepares three; use the library with an input of your own`,
          ),
        ]),
    '',
    'One picture on this machine:',
    ...cost.map(costText),
    '',
    ...(defaultLayer.gradient === 'unavailable'
      ? ['Nothing can be differentiated here; see "blocked".']
      : ['Next:', `  hybridcam explain photo.jpg --model ${plainText(file)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function row(title: string, text: string): string {
  const indent = ' '.repeat(TITLE_COLUMNS + 2);
  return `  ${title.padEnd(TITLE_COLUMNS)}${wrap(plainText(text), COLUMNS - TITLE_COLUMNS - 2, indent)}`;
}

function scoresText({ classCount, scoreKind }: Examination): string {
  const kind =
    scoreKind === 'logit'
      ? 'as logits'
      : 'as probabilities; no logits could be reached, so a saturated answer has hardly any gradient';
  if (classCount === 1) return `one, ${kind}; explained towards the side it decides for`;
  return `${classCount} classes, ${kind}`;
}

function gradientText(gradient: Examination['defaultLayer']['gradient']): string {
  if (gradient === 'constant') return 'its gradient comes in closed form, without a backward pass';
  if (gradient === 'varying') return 'its gradient takes a backward pass';
  return 'no gradient reaches it';
}

function methodsText({ methods }: Examination): string {
  const names = (works: boolean): string[] =>
    methods.filter(({ refusal }) => (refusal === null) === works).map(({ name }) => name);
  const refused = names(false);
  const working = names(true).join(', ') || 'none';
  return refused.length === 0 ? working : `${working}; not here: ${refused.join(', ')}`;
}

function costText({ what, layers, milliseconds, ratio }: Cost): string {
  const title = `  ${what === 'forward' ? 'forward pass' : `${what} at ${layers.map(plainText).join(' × ')}`}`;
  const time = `${milliseconds < 9.95 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`.padStart(10);
  const times = `${ratio.toFixed(2)} ×`.padStart(9);
  return `${displayWidth(title) > 58 ? fit(title, 58) : title.padEnd(58)}${time}${times}`;
}

function shapeText(shape: readonly number[] | null): string {
  return shape === null ? '' : `, ${shape.join('×')}`;
}

function someNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
