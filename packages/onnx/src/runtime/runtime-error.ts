import { CamError } from '@hybridcam/core';

/** Passes errors of ours on; wraps those of ONNX Runtime as `CamError` RUNTIME with the original as `cause`. */
export async function orRuntimeError<T>(where: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CamError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new CamError('RUNTIME', `${where}: ONNX Runtime failed: ${said}`, { cause: error });
  }
}
