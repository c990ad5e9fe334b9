import { IntegrityError, ModelFormatError } from '@hybridcam/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { readSafetensors, tensorToFloat32 } from './safetensors.ts';

/**
 * A classifier as data: steps in execution order, each naming the tensor it reads and the one it makes. Step names are PyTorch's
 * module paths; the output of a block carries the block's name, `layer4.1`.
 */
export interface ScenesNetwork {
  readonly name: string;
  readonly input: {
    readonly name: string;
    readonly channels: number;
    readonly height: number;
    readonly width: number;
  };
  /** The network reads (pixel / 255 − mean) / std per channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Class names by class index. */
  readonly classes: readonly string[];
  readonly classCount: number;
  /** Name of the last step; its output [batch, classes] are the logits. */
  readonly output: string;
  readonly steps: readonly ScenesStep[];
  /** `STEP.weight` and `STEP.bias` by name, float32. */
  readonly parameters: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Float32Array }
  >;
  /** Lower-case hex SHA-256 of the weights file. */
  readonly sha256: string;
}

export type ScenesStep =
  | {
      readonly op: 'convolution';
      readonly name: string;
      readonly input: string;
      readonly inChannels: number;
      readonly outChannels: number;
      readonly kernel: number;
      readonly stride: number;
      /** Zeros on every side. */
      readonly padding: number;
      readonly groups: number;
      readonly bias: boolean;
    }
  | { readonly op: 'relu'; readonly name: string; readonly input: string }
  | {
      readonly op: 'max-pool';
      readonly name: string;
      readonly input: string;
      readonly kernel: number;
      readonly stride: number;
      readonly padding: number;
    }
  | { readonly op: 'add'; readonly name: string; readonly input: string; readonly other: string }
  | { readonly op: 'global-average-pool'; readonly name: string; readonly input: string }
  | {
      readonly op: 'linear';
      readonly name: string;
      readonly input: string;
      readonly inFeatures: number;
      readonly outFeatures: number;
    };

/**
 * Reads a weights file that `tooling/scenes` trained: safetensors with the architecture in its metadata.
 *
 * @param expectedSha256 lower-case hex; leave it out only for a file of your own making
 * @throws IntegrityError when the bytes have another hash
 * @throws ModelFormatError for a file that is not a scenes network
 */
export function readScenesNetwork(file: Uint8Array, expectedSha256?: string): ScenesNetwork {
  const hash = bytesToHex(sha256(file));
  if (expectedSha256 !== undefined && hash !== expectedSha256) {
    throw new IntegrityError(
      `readScenesNetwork: expected a weights file with SHA-256 ${expectedSha256}; received ${file.length} bytes with ${hash}. The file is damaged or another one: install the package again.`,
    );
  }
  const { metadata, tensors } = readSafetensors(file);
  const text = metadata.get('architecture');
  if (text === undefined) throw notOurs('metadata "architecture"', 'none');
  const { version, ...architecture } = parse(text);
  if (version !== 1) throw notOurs('architecture version 1', String(version));
  checkSteps(architecture.steps, architecture.input.name);
  const parameters = new Map(
    [...tensors].map(([name, tensor]) => [name, { shape: tensor.shape, data: tensorToFloat32(tensor) }]),
  );
  return { ...architecture, classCount: architecture.classes.length, parameters, sha256: hash };
}

type Architecture = Omit<ScenesNetwork, 'classCount' | 'parameters' | 'sha256'> & {
  readonly version: number;
};

function parse(text: string): Architecture {
  try {
    const value = JSON.parse(text) as Partial<Architecture> | null;
    if (value?.input && Array.isArray(value.steps) && Array.isArray(value.classes))
      return value as Architecture;
  } catch (cause) {
    throw new ModelFormatError('readScenesNetwork: expected an architecture in JSON; received other text.', {
      cause,
    });
  }
  throw notOurs('an architecture with input, classes and steps', `${text.slice(0, 60)}…`);
}

const sizesOf: Readonly<Record<ScenesStep['op'], readonly string[]>> = {
  convolution: ['inChannels', 'outChannels', 'kernel', 'stride', 'padding', 'groups'],
  relu: [],
  'max-pool': ['kernel', 'stride', 'padding'],
  add: [],
  'global-average-pool': [],
  linear: ['inFeatures', 'outFeatures'],
};

function checkSteps(steps: readonly ScenesStep[], input: string): void {
  const known = new Set([input]);
  for (const step of steps) {
    if (!Object.hasOwn(sizesOf, step.op)) {
      throw notOurs(`step "${step.name}" to be one of ${Object.keys(sizesOf).join(', ')}`, String(step.op));
    }
    const sources = step.op === 'add' ? [step.input, step.other] : [step.input];
    for (const source of sources) {
      if (!known.has(source)) throw notOurs(`step "${step.name}" to read an earlier step`, `"${source}"`);
    }
    const fields = step as unknown as Readonly<Record<string, unknown>>;
    for (const field of sizesOf[step.op]) {
      if (!Number.isSafeInteger(fields[field])) {
        throw notOurs(`a whole number as ${field} of step "${step.name}"`, String(fields[field]));
      }
    }
    known.add(step.name);
  }
}

function notOurs(expected: string, received: string): ModelFormatError {
  return new ModelFormatError(
    `readScenesNetwork: expected ${expected}; received ${received}. Use a file written by tooling/scenes/train.py.`,
  );
}
