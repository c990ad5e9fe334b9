import { UnsupportedError } from '@hybridcam/core';
import type { PlannedDims } from '../autodiff/backward-model.ts';
import type { ImageInput } from '../model-input.ts';
import type { OrtRuntime, OrtSessionOptions, OrtTensor } from '../ort.ts';
import { orRuntimeError } from '../runtime/runtime-error.ts';
import type { BakeRequest } from './bake-options.ts';

export interface VerifyBakedRequest {
  readonly ort: OrtRuntime;
  readonly bytes: Uint8Array;
  readonly sessionOptions: OrtSessionOptions;
  readonly input: ImageInput;
  readonly inputDims: PlannedDims;
  readonly request: BakeRequest;
  readonly sizes: ReadonlyMap<string, PlannedDims>;
}

/**
 * Runs a baked model once on an empty image. A runtime that infers another shape than it computes (pools with ceil_mode)
 * would refuse the file or return maps of another size, and the user should hear of it here.
 * @throws CamError RUNTIME, UnsupportedError
 */
export async function verifyBaked(options: VerifyBakedRequest): Promise<void> {
  const { ort, bytes, sessionOptions, input, inputDims, request, sizes } = options;
  const session = await orRuntimeError('bakeModel', () => ort.InferenceSession.create(bytes, sessionOptions));
  try {
    const dims = inputDims.map((extent) => extent ?? 1);
    const count = dims.reduce((product, extent) => product * extent, 1);
    const feeds: Record<string, OrtTensor> = {
      [input.name]:
        input.dataType === 'float16'
          ? new ort.Tensor('float16', new Uint16Array(count), dims)
          : new ort.Tensor('float32', new Float32Array(count), dims),
    };
    if (request.requiredInputs) {
      for (const name of request.inputs) {
        feeds[request.prefix + name] =
          name === 'class'
            ? new ort.Tensor('int64', BigInt64Array.of(-1n), [1])
            : new ort.Tensor('float32', Float32Array.of(request.alpha!), [1]);
      }
    }
    const results = await orRuntimeError('bakeModel', () => session.run(feeds, [...sizes.keys()]));
    for (const [name, planned] of sizes) {
      const result = results[name]!;
      const fits =
        result.dims.length === planned.length &&
        planned.every((extent, axis) => (extent ?? dims[0]) === result.dims[axis]);
      if (!fits) {
        throw new UnsupportedError(
          `bakeModel: expected output "${name}" of shape [${planned.map((extent) => extent ?? 'batch')}]; the runtime made [${result.dims}], because it computes another size than it infers. Choose a later layer.`,
        );
      }
      result.dispose();
    }
  } finally {
    await session.release();
  }
}
