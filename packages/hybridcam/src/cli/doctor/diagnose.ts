import { CamError } from '@hybridcam/core';
import { createOnnxModel, type FileFacts, fileFacts, type OnnxClassifier, readOnnx } from '@hybridcam/onnx';
import { type LoadModelOptions, loadModel } from '../../load-model.ts';
import { modelFile } from '../../model-file.ts';
import { loadOnnxRuntime } from '../../onnx-runtime.ts';
import { onnxSource } from '../../onnx-source.ts';
import { errorFacts } from '../exit-code.ts';
import { type Examination, examineModel } from './examine-model.ts';

/** All that the doctor found: plain JSON. */
export interface Diagnosis {
  /** What the file says about itself; null for a TensorFlow.js model. */
  readonly file: FileFacts | null;
  /** How the file was understood; null for a TensorFlow.js model, and where it was not. */
  readonly classifier: Pick<
    OnnxClassifier['facts'],
    'inputLayout' | 'inputType' | 'scores' | 'strippedActivation' | 'head'
  > | null;
  /** null where the model could not be run. */
  readonly examination: Examination | null;
  /** Why it could not. */
  readonly problem: ReturnType<typeof errorFacts> | null;
}

/**
 * Examines a model as far as it goes: a file that can be read but not explained is described all the same.
 * @throws ModelFormatError for bytes that are no model; CamError NOT_FOUND or IO for files that cannot be read; AbortedError
 */
export async function diagnose(
  given: string,
  options: LoadModelOptions & { readonly signal: AbortSignal },
): Promise<Diagnosis> {
  const source = await modelFile(given);
  const { runtime = /\.json$/i.test(source) ? 'tfjs' : 'onnx', signal } = options;
  if (runtime === 'tfjs' || options.device !== undefined) {
    const model = await loadModel(source, options);
    try {
      return { file: null, classifier: null, ...(await examined(() => examineModel(model, signal))) };
    } finally {
      await model.dispose();
    }
  }
  const found = await onnxSource(source, options);
  const file = fileFacts(readOnnx(found.bytes));
  let model: OnnxClassifier | undefined;
  const result = await examined(async () => {
    const { output, tokens, plans } = options;
    const { name, bytes, externalData } = found;
    const ort = await loadOnnxRuntime();
    model = await createOnnxModel(bytes, { ort, name, externalData, output, tokens, plans, signal });
    return examineModel(model, signal);
  }).finally(() => model?.dispose());
  return { file, classifier: model === undefined ? null : classifierOf(model), ...result };
}

async function examined(
  examine: () => Promise<Examination>,
): Promise<Pick<Diagnosis, 'examination' | 'problem'>> {
  try {
    return { examination: await examine(), problem: null };
  } catch (error) {
    // Ctrl-C is no finding about the model.
    if (!(error instanceof CamError) || error.code === 'ABORTED') throw error;
    return { examination: null, problem: errorFacts(error) };
  }
}

function classifierOf({ facts }: OnnxClassifier): Diagnosis['classifier'] {
  const { inputLayout, inputType, scores, strippedActivation, head } = facts;
  return { inputLayout, inputType, scores, strippedActivation, head };
}
