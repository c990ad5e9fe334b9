import type { OrtRuntime } from '@hybridcam/onnx';

/**
 * The runtime of this process. Loaded when the first model is, so that help and `cite` start at once, and only after
 * its telemetry is switched off: onnxruntime-node 1.30 on Linux otherwise makes a device identifier and an upload queue
 * under the user's cache folder when its binding loads, whatever the session options say. It reads the variable through the C
 * library, which sees `process.env` of the main thread; in a worker set ORT_DISABLE_TELEMETRY=1 before Node starts.
 */
export async function loadOnnxRuntime(): Promise<OrtRuntime> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return await import('onnxruntime-node');
}
