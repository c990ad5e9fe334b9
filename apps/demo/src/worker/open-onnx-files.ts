import { createOnnxModel } from '@hybridcam/onnx';
import { guessPreset } from './guess-preset.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { type FilesChoice, type Opened, preparation } from './opened.ts';
import { readLabels } from './read-labels.ts';

/** An ONNX file with, if they came along, its labels and external data. */
export async function openOnnxFiles({ files, runtime: wish, preset }: FilesChoice): Promise<Opened> {
  const onnx = files.find(({ name }) => /\.onnx$/i.test(name))!;
  const labelFile = files.find(({ name }) => /\.(txt|json)$/i.test(name));
  const externalData = new Map<string, Uint8Array>();
  for (const file of files) {
    if (file !== onnx && file !== labelFile)
      externalData.set(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  const runtime = await onnxRuntime(wish);
  const model = await createOnnxModel(new Uint8Array(await onnx.arrayBuffer()), {
    ort: runtime.ort,
    name: onnx.name,
    externalData,
    sessionOptions: { executionProviders: [runtime.provider] },
  });
  const { labels, problem } = labelFile
    ? readLabels(await labelFile.text(), labelFile.name, model.classCount)
    : { labels: undefined, problem: undefined };
  return {
    model: { ...model, labels },
    facts: {
      runtime: model.identity.runtime,
      threads: runtime.threads,
      fallback: runtime.fallback,
      labelProblem: problem,
      ...preparation(model, preset, guessPreset(onnx.name)),
    },
  };
}
