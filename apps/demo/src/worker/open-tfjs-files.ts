import { type FilesChoice, type Opened, preparation } from './opened.ts';
import { readLabels } from './read-labels.ts';
import { tfjsRuntime } from './tfjs-runtime.ts';

/** A TensorFlow.js model.json with its weight files and, if they came along, its labels. */
export async function openTfjsFiles({ files, runtime: wish, preset }: FilesChoice): Promise<Opened> {
  const parts = new Map<string, Uint8Array>();
  let labelFile: File | undefined;
  for (const file of files) {
    const isModel = /\.json$/i.test(file.name) && (await file.text()).includes('"modelTopology"');
    if (isModel || /\.bin$/i.test(file.name)) parts.set(file.name, new Uint8Array(await file.arrayBuffer()));
    else labelFile = file;
  }
  const { loadTfjsModelParts } = await tfjsRuntime();
  const model = await loadTfjsModelParts(parts);
  const { labels, problem } = labelFile
    ? readLabels(await labelFile.text(), labelFile.name, model.classCount)
    : { labels: undefined, problem: undefined };
  return {
    model: { ...model, labels },
    facts: {
      runtime: model.identity.runtime,
      threads: 1,
      fallback: wish === 'webgpu' ? 'TensorFlow.js runs on wasm here' : undefined,
      labelProblem: problem,
      ...preparation(model, preset, 'keras-tf'),
    },
  };
}
