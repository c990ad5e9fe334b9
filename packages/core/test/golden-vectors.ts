import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '@hybridcam/test-utils';
import { type NdArray, view } from '../src/index.ts';

/** One expected map of `golden/vectors.json`. */
export interface GoldenCase {
  readonly name: string;
  readonly method: string;
  readonly variant: string;
  readonly inputs: {
    readonly activations?: string;
    readonly gradients?: string;
    readonly samples?: readonly string[];
    readonly layers?: readonly string[];
    readonly network?: string;
    readonly masks?: string;
    readonly noise?: string;
    readonly input?: string;
    readonly inputGradients?: string;
    readonly biases?: readonly (readonly [bias: string, gradients: string])[];
    readonly attention?: readonly string[];
  };
  readonly options?: Readonly<Record<string, number>> & { readonly target?: string };
  readonly eigenSmoothing?: true;
  readonly fusion?: 'mean' | 'max' | 'tanh-max' | 'product';
  readonly size?: readonly [number, number];
  readonly normalized?: true;
  readonly expected: string;
}

/** One expected value and gradient of a target. */
export interface GoldenTarget {
  readonly name: string;
  readonly target: string;
  readonly classIndex?: number;
  readonly otherClassIndex?: number;
  readonly variant?: 'torchcam' | 'pytorch-grad-cam';
  readonly weights?: readonly (readonly [number, number])[];
  readonly reference?: string;
  readonly region?: readonly number[];
  readonly of?: string;
  readonly sign?: 1 | -1;
  readonly box?: readonly [number, number, number, number];
  readonly scores?: string;
  readonly value: number;
  readonly gradient: string;
}

interface GoldenVectors {
  readonly cases: readonly GoldenCase[];
  readonly targets: readonly GoldenTarget[];
  tensor(name: string): NdArray<Float32Array>;
}

const folder = fileURLToPath(new URL('../golden/', import.meta.url));

/** The suite that is published with the package. */
export function goldenVectors(): GoldenVectors {
  const tensors = readSafetensors(`${folder}vectors.safetensors`);
  const { cases, targets } = JSON.parse(readFileSync(`${folder}vectors.json`, 'utf8')) as GoldenVectors;
  return {
    cases,
    targets,
    tensor(name) {
      const found = tensors.get(name);
      if (found === undefined) throw new Error(`goldenVectors: no tensor "${name}".`);
      return view(found.data, found.shape);
    },
  };
}
