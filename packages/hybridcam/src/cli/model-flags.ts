import { type LoadModelOptions, runtimes } from '../load-model.ts';
import { tfjsDevices } from '../start-tfjs-device.ts';
import { choiceValue } from './flag-values.ts';
import type { Flag, ValueFlag } from './flags.ts';

export const runtimeFlag: ValueFlag = {
  value: 'onnx|tfjs',
  help: 'What runs the model. Default: tfjs for a .json file, else onnx.',
};

export const deviceFlag: ValueFlag = {
  value: 'wasm|cpu|node',
  help: 'Where TensorFlow.js computes. Default: wasm.',
};

export const weightsFlag: ValueFlag = {
  value: 'FILE',
  help: 'Of a model known by name: a local checkpoint (.pth or safetensors) instead of the published one; its hash is not compared.',
};

export const offlineFlag: Flag = {
  help: 'Never fetch a checkpoint, only look for it in the caches.',
};

export interface ModelFlagValues {
  readonly runtime?: string;
  readonly device?: string;
  readonly weights?: string;
  readonly offline?: true;
}

/** What these flags of every command with a model say, as options of `loadModel`. */
export function modelOptions(
  flags: ModelFlagValues,
): Pick<LoadModelOptions, 'runtime' | 'device' | 'weights' | 'offline'> {
  return {
    runtime: flags.runtime === undefined ? undefined : choiceValue('--runtime', flags.runtime, runtimes),
    device: flags.device === undefined ? undefined : choiceValue('--device', flags.device, tfjsDevices),
    weights: flags.weights,
    offline: flags.offline,
  };
}
