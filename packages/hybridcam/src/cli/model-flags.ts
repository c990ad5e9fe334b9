import { OptionError } from '@hybridcam/core';
import type { TokenOption } from '@hybridcam/onnx';
import { type LoadModelOptions, runtimes } from '../load-model.ts';
import { tfjsDevices } from '../start-tfjs-device.ts';
import { choiceValue, sizeValue } from './flag-values.ts';
import type { Flag, ValueFlag } from './flags.ts';
import { planCache } from './plan-cache.ts';

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

export const outputFlag: ValueFlag = {
  value: 'NAME',
  help: 'The output with the class scores, where an ONNX model has several. Default: the only one.',
};

export const tokensFlag: ValueFlag = {
  value: 'N+HEIGHTxWIDTH',
  help: 'How the tokens of an ONNX vision transformer make a map: how many come before it (class and register tokens) and its places, such as 1+14x14; one of the two may be left out. Default: followed through the graph.',
};

export interface ModelFlagValues {
  readonly runtime?: string;
  readonly device?: string;
  readonly weights?: string;
  readonly offline?: true;
  readonly output?: string;
  readonly tokens?: string;
}

export type ModelOptions = Pick<
  LoadModelOptions,
  'runtime' | 'device' | 'weights' | 'offline' | 'output' | 'tokens' | 'plans'
>;

/** What these flags of every command with a model say, as options of `loadModel`. */
export function modelOptions(flags: ModelFlagValues): ModelOptions {
  return {
    runtime: flags.runtime === undefined ? undefined : choiceValue('--runtime', flags.runtime, runtimes),
    device: flags.device === undefined ? undefined : choiceValue('--device', flags.device, tfjsDevices),
    weights: flags.weights,
    offline: flags.offline,
    output: flags.output,
    tokens: flags.tokens === undefined ? undefined : tokensValue(flags.tokens),
    plans: planCache,
  };
}

/** @throws OptionError for anything but `1`, `14x14` or `1+14x14` */
export function tokensValue(text: string): TokenOption {
  const [, count, size] = /^(?:(\d{1,4})(?:\+|$))?(\d{1,5}[x×]\d{1,5})?$/.exec(text.trim()) ?? [];
  const parts = [count, size].filter((part) => part !== undefined).length;
  if (parts !== (text.includes('+') ? 2 : 1)) {
    throw new OptionError(
      `--tokens: expected N+HEIGHTxWIDTH, such as 1+14x14, or one of the two; received "${text}".`,
    );
  }
  return {
    ...(count === undefined ? {} : { prefix: Number(count) }),
    ...(size === undefined ? {} : { grid: sizeValue('--tokens', size) }),
  };
}
