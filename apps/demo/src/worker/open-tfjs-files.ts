import { OptionError } from '@hybridcam/core';
import type { ModelChoice } from '../protocol.ts';
import { type Opened, preparation } from './opened.ts';
import { readLabels } from './read-labels.ts';
import { runTfjs, tfjsProviders } from './tfjs-runtime.ts';

/** A TensorFlow.js model.json with its weight files and, if they came along, its labels. */
export async function openTfjsFiles({
  files,
  runtime,
  preset,
}: Extract<ModelChoice, { kind: 'files' }>): Promise<Opened> {
  const parts = new Map<string, Uint8Array>();
  let labelFile: File | undefined;
  let hasTopology = false;
  for (const file of files) {
    const isModel = /\.json$/i.test(file.name) && (await file.text()).includes('"modelTopology"');
    if (isModel && hasTopology) {
      throw new OptionError(
        `model: expected one .json with a modelTopology; received a second one, ${file.name}. Choose it together with its own .bin files.`,
      );
    }
    hasTopology ||= isModel;
    if (isModel || /\.bin$/i.test(file.name)) parts.set(file.name, new Uint8Array(await file.arrayBuffer()));
    else labelFile = file;
  }
  const { model, running } = await runTfjs(
    runtime,
    ({ loadTfjsModelParts }) => loadTfjsModelParts(parts),
    tfjsProviders,
  );
  const { labels, problem } = labelFile
    ? readLabels(await labelFile.text(), labelFile.name, model.classCount)
    : { labels: undefined, problem: undefined };
  return {
    model: { ...model, labels },
    facts: { ...running, labelProblem: problem, ...preparation(model, preset, 'keras-tf') },
  };
}
