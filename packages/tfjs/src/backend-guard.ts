import { CamError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A check that the backend is still the one of this moment. What can be differentiated and which convolutions are computed wrongly was
 * asked of that backend alone, so on another one the answers, and with them the maps, could be wrong without a word.
 * @returns the check, which throws a CamError of code RUNTIME where another backend is active; `where` begins its message
 */
export function backendGuard(): (where: string) => void {
  const made = tf.getBackend();
  return (where) => {
    const active = tf.getBackend();
    if (active === made) return;
    throw new CamError(
      'RUNTIME',
      `${where}: expected TensorFlow.js backend "${made}", for which the model was made; "${active}" is active now. ` +
        `Set it back with setBackend("${made}"), or make the model again.`,
    );
  };
}
