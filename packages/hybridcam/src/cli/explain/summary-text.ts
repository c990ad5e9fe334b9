import { statusSentences } from '@hybridcam/core';
import { className } from '../../class-name.ts';
import type { ImageExplanation } from '../../image-explanation.ts';
import { plainText } from '../plain-text.ts';
import { bar, fit, wrap } from '../text-layout.ts';
import { type Timing, topScores } from './json-report.ts';

/** Narrower terminals wrap; wider ones keep the picture of the numbers together. */
const COLUMNS = 80;
const LABEL_COLUMNS = 30;
const BAR_COLUMNS = 32;

/** What a person reads about one image: what it was taken for, what was explained, how long it took, what was written. */
export function summaryText(
  file: string,
  explanations: readonly ImageExplanation[],
  labels: readonly string[] | undefined,
  timing: Timing,
  written: readonly string[],
): string {
  const first = explanations[0]!;
  const lines = [plainText(file), ...scoreTable(first, labels), ''];
  for (const explanation of explanations) lines.push(...explanationLines(explanation, labels));
  lines.push(`  ${milliseconds(timing)}`);
  lines.push(...written.map((path) => `  -> ${plainText(path)}`));
  return `${lines.join('\n')}\n\n`;
}

function scoreTable(explanation: ImageExplanation, labels: readonly string[] | undefined): string[] {
  const explained = explanation.classIndex;
  return topScores(explanation, labels).map(({ index, probability }) => {
    const mark = index === explained ? '›' : ' ';
    const name = plainText(className(labels, index));
    const percent = `${(100 * probability).toFixed(1)} %`.padStart(8);
    return ` ${mark} ${fit(name, LABEL_COLUMNS)}${percent}  ${bar(probability, BAR_COLUMNS)}`.trimEnd();
  });
}

function explanationLines(explanation: ImageExplanation, labels: readonly string[] | undefined): string[] {
  const { record, status, classIndex, cam } = explanation;
  const { method, targetLayers, target } = record;
  const alpha = method.alpha === null ? '' : ` α ${method.alpha}`;
  const title = classIndex === undefined ? undefined : classTitle(labels, classIndex);
  const plain = target.description === `logit(${classIndex})`;
  const what = title === undefined ? target.description : plain ? title : `${title}, ${target.description}`;
  const where = targetLayers.length === 0 ? '' : ` at ${targetLayers.map(plainText).join(' × ')}`;
  const variant = method.variant === 'paper' ? '' : ` (${method.variant})`;
  const head = `${method.name}${variant}${alpha} of ${plainText(what)}${where}, ${cam.shape[0]}×${cam.shape[1]}`;
  const lines = [`  ${wrap(head, COLUMNS - 4, '    ')}`];
  if (status !== 'ok')
    lines.push(`    ${wrap(`${status}: ${statusSentences[status]}`, COLUMNS - 4, '    ')}`);
  return lines;
}

function milliseconds({ decode, forward, map }: Timing): string {
  const text = (value: number): string => (value < 9.95 ? value.toFixed(1) : value.toFixed(0));
  return `decode ${text(decode)} ms · forward ${text(forward)} ms · map ${text(map)} ms`;
}

function classTitle(labels: readonly string[] | undefined, index: number): string {
  const name = className(labels, index);
  return labels === undefined ? name : `${name} (${index})`;
}
