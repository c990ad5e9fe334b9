import type { ModelChoice, RuntimeWish } from '../protocol.ts';
import { guessPreset } from './guess-preset.ts';
import { runOnnx } from './onnx-runtime.ts';
import { type Opened, preparation } from './opened.ts';
import { readLabels } from './read-labels.ts';

const providers: readonly RuntimeWish[] = ['onnx-wasm', 'onnx-webgpu'];

/** An ONNX file with, if they came along, its labels and external data. */
export async function openOnnxFiles({
  files,
  runtime,
  preset,
}: Extract<ModelChoice, { kind: 'files' }>): Promise<Opened> {
  const onnx = files.find(({ name }) => /\.onnx$/i.test(name))!;
  const labelFile = files.find(({ name }) => /\.(txt|json)$/i.test(name));
  const externalData = new Map<string, Uint8Array>();
  for (const file of files) {
    if (file !== onnx && file !== labelFile)
      externalData.set(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  const { model, running } = await runOnnx(
    new Uint8Array(await onnx.arrayBuffer()),
    runtime,
    { name: onnx.name, externalData },
    providers,
  );
  const { labels, problem } = labelFile
    ? readLabels(await labelFile.text(), labelFile.name, model.classCount)
    : { labels: undefined, problem: undefined };
  return {
    model: { ...model, labels },
    facts: { ...running, labelProblem: problem, ...preparation(model, preset, guessPreset(onnx.name)) },
  };
}
