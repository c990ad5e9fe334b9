import { readdirSync, readFileSync } from 'node:fs';
import { type ExplainRequest, explainMany, type Model, type NdArray } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { decode } from '@hybridcam/image/node';
import { createOnnxModel } from '@hybridcam/onnx';
import { sharedFile } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import type { KinkReport } from './agree-at-kinks.ts';
import type { Maps } from './explain-maps.ts';
import { KINKS, MIDDLE, type ParityRequest, parityRequests } from './parity-requests.ts';

/** A runtime to compare with ONNX Runtime: `explainMaps` here or in a page. */
export type ExplainMaps = (
  input: readonly number[],
  requests: readonly ExplainRequest[],
  theirs?: Readonly<Record<string, readonly number[]>>,
) => Promise<Maps>;

export interface ParityRow {
  readonly title: string;
  readonly tolerance: number;
  readonly photographs: number;
  /** Largest difference between two maps of maximum 1. */
  readonly worst: number;
  readonly worstPhotograph: string;
}

/**
 * A map beyond its tolerance because rounding put activations on the two sides of a kink, or of FEM's threshold: with these alike it is
 * within 1e-4.
 */
export interface Flip {
  readonly title: string;
  readonly photograph: string;
  readonly difference: number;
  readonly differenceWithoutFlips: number;
  readonly kinks: readonly KinkReport[];
}

export interface ParityReport {
  readonly rows: readonly ParityRow[];
  readonly flips: readonly Flip[];
  /** What is neither within its tolerance nor such a flip. */
  readonly complaints: readonly string[];
}

export interface Parity {
  compare(explain: ExplainMaps): Promise<ParityReport>;
  dispose(): Promise<void>;
}

/** With the sides of all kinks alike, nothing but rounding is left. */
const WITHOUT_FLIPS = 1e-4;

/** Names of `count` photographs in ../shared, evenly chosen. */
export function photographNames(count: number): string[] {
  const photographs = readdirSync(sharedFile('photos')).sort();
  const step = Math.floor(photographs.length / count);
  return photographs.filter((_, i) => i % step === 0).slice(0, count);
}

interface Photograph {
  readonly name: string;
  readonly input: NdArray<Float32Array>;
  readonly requests: readonly ParityRequest[];
  readonly expected: readonly Float32Array[];
  readonly classIndex: number;
}

/**
 * ONNX Runtime's maps of the named photographs in ../shared for every method; methods that run the network many times only for the
 * first `countMany`.
 */
export async function createParity(names: readonly string[], countMany: number): Promise<Parity> {
  const bytes = new Uint8Array(readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx')));
  const model = await createOnnxModel(bytes, { ort, name: 'mobilenet_v2' });
  const photographs: Photograph[] = [];
  for (const [i, name] of names.entries()) {
    const image = await decode(readFileSync(sharedFile(`photos/${name}`)));
    const { input } = preprocess(image, { preset: 'minus-one-one' });
    const requests = parityRequests.filter(({ many }) => !many || i < countMany);
    const found = await explainMany(
      model,
      input,
      requests.map(({ onnx }) => onnx),
    );
    photographs.push({
      name,
      input,
      requests,
      expected: found.map(({ cam }) => cam.data),
      classIndex: found[0]!.classIndex!,
    });
  }
  return {
    async compare(explain) {
      const rows = new Map<string, ParityRow>();
      const flips: Flip[] = [];
      const complaints: string[] = [];
      for (const photograph of photographs) {
        const { name, requests, expected } = photograph;
        const input = Array.from(photograph.input.data);
        const found = await explain(
          input,
          requests.map(({ tfjs }) => tfjs),
        );
        if (found.classIndex !== photograph.classIndex) {
          complaints.push(`${name}: class ${found.classIndex}, with ONNX ${photograph.classIndex}`);
        }
        const differences = requests.map((_, i) => largest(found.cams[i]!, expected[i]!));
        requests.forEach(({ title, tolerance }, i) => {
          rows.set(
            title,
            worse(rows.get(title), { title, tolerance, photograph: name, difference: differences[i]! }),
          );
        });
        const beyond = requests.flatMap(({ tolerance }, i) => (differences[i]! <= tolerance ? [] : [i]));
        if (beyond.length === 0) continue;
        const agreed = await explain(
          input,
          beyond.map((i) => requests[i]!.tfjs),
          await kinksOf(model, photograph.input),
        );
        beyond.forEach((index, i) => {
          const flip = {
            title: requests[index]!.title,
            photograph: name,
            difference: differences[index]!,
            differenceWithoutFlips: largest(agreed.cams[i]!, expected[index]!),
            kinks: agreed.kinks.filter(({ flipped }) => flipped > 0),
          };
          if (isRounding(flip)) flips.push(flip);
          else complaints.push(`${name}, ${flip.title}: ${JSON.stringify(flip)}`);
        });
      }
      return { rows: [...rows.values()], flips, complaints };
    },
    dispose: () => model.dispose(),
  };
}

/** Some activation flipped, none moved further than those of its layer that did not flip, and nothing else differs. */
function isRounding({ kinks, differenceWithoutFlips }: Flip): boolean {
  return (
    kinks.length > 0 &&
    kinks.every(({ farthest, others }) => farthest <= others) &&
    differenceWithoutFlips <= WITHOUT_FLIPS
  );
}

async function kinksOf(
  model: Model,
  input: NdArray<Float32Array>,
): Promise<Record<string, readonly number[]>> {
  const layers = [MIDDLE, ...KINKS];
  const pass = await model.forward(input, { layers: layers.map(({ onnx }) => onnx) });
  try {
    return Object.fromEntries(
      layers.map(({ onnx, tfjs }) => [tfjs, Array.from(pass.activations(onnx).data)]),
    );
  } finally {
    pass.dispose();
  }
}

function worse(
  row: ParityRow | undefined,
  seen: { title: string; tolerance: number; photograph: string; difference: number },
): ParityRow {
  const { title, tolerance, photograph, difference } = seen;
  const photographs = (row?.photographs ?? 0) + 1;
  return row && row.worst >= difference
    ? { ...row, photographs }
    : { title, tolerance, photographs, worst: difference, worstPhotograph: photograph };
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
