import { type NdArray, pack } from '@hybridcam/core';
import { createClassMaps, createOnnxModel, type OrtRuntime } from '@hybridcam/onnx';
import type { SpeedSubject } from './speed-subject.ts';

export interface OnnxSubjectOptions {
  /** Default: ONNX Runtime's own choice. */
  readonly threads?: number | undefined;
  /** Threads wait awake between runs, as by ONNX Runtime's own default. Default: they sleep, as our models' do. */
  readonly spin?: boolean | undefined;
}

/** The bytes of an ONNX file, and those of the files beside it that hold weights. */
export interface OnnxFiles {
  readonly bytes: Uint8Array;
  readonly externalData?: ReadonlyMap<string, Uint8Array> | undefined;
}

/** An ONNX file in ONNX Runtime: a plain session of the user's bytes, and our model of them. */
export async function openOnnxSubject(
  { bytes, externalData }: OnnxFiles,
  name: string,
  device: 'node' | 'wasm',
  { threads, spin = false }: OnnxSubjectOptions = {},
): Promise<SpeedSubject> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const ort: OrtRuntime = await (device === 'node' ? import('onnxruntime-node') : import('onnxruntime-web'));
  const threading = threads === undefined ? {} : { intraOpNumThreads: threads };
  const beside = externalData && {
    externalData: Array.from(externalData, ([path, data]) => ({ path, data })),
  };
  // An object each: onnxruntime-web takes one that occurs twice for a circle.
  const wait = () => ({ allow_spinning: spin ? '1' : '0' });
  // For both alike: the denominator must not be slowed by a difference of settings.
  const sessionOptions = {
    ...threading,
    logSeverityLevel: 3,
    extra: { session: { intra_op: wait(), inter_op: wait() } },
  } as const;
  // Our model first: it says what is wrong with a file.
  const model = await createOnnxModel(bytes, { ort, name, externalData, sessionOptions });
  const plain = await ort.InferenceSession.create(bytes, { ...sessionOptions, ...beside }).catch(
    async (error: unknown) => {
      await model.dispose();
      throw error;
    },
  );
  let byDefault: typeof plain | undefined;
  const forwardOf = (session: typeof plain, input: NdArray<Float32Array>) => {
    const feeds = { [session.inputNames[0]!]: new ort.Tensor('float32', pack(input), input.shape) };
    return () => session.run(feeds);
  };
  return {
    model,
    plainForward: (input) => forwardOf(plain, input),
    async defaultForward(input) {
      byDefault ??= await ort.InferenceSession.create(bytes, {
        logSeverityLevel: 3,
        ...threading,
        ...beside,
      });
      return forwardOf(byDefault, input);
    },
    classMaps: (head) => createClassMaps(ort, head),
    async dispose() {
      await model.dispose();
      await plain.release();
      await byDefault?.release();
    },
  };
}
