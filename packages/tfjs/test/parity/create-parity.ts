import { type ExplainRequest, explainMany, type NdArray } from '@hybridcam/core';
import { createOnnxModel } from '@hybridcam/onnx';
import * as ort from 'onnxruntime-node';
import type { Theirs } from './agree-at-kinks.ts';
import type { Maps } from './explain-maps.ts';
import type { ParityNetwork, Picture } from './parity-network.ts';
import type { Flip, PictureReport } from './parity-report.ts';
import { type ParityRequest, parityRequests, type Stage } from './parity-requests.ts';

/** A runtime to compare with ONNX Runtime: `explainMaps` here or in a page. */
export type ExplainMaps = (
  input: readonly number[],
  requests: readonly ExplainRequest[],
  theirs?: Theirs,
) => Promise<Maps>;

export interface Parity {
  readonly requests: readonly ParityRequest[];
  /** The methods of one stage on one picture. */
  compare(explain: ExplainMaps, picture: Picture, stage: Stage): Promise<PictureReport>;
  dispose(): Promise<void>;
}

interface Expected {
  readonly cams: readonly Float32Array[];
  readonly classIndex: number;
}

/** With the sides of all kinks alike, nothing but rounding is left. */
const WITHOUT_FLIPS = 1e-4;

/** ONNX Runtime's maps of a network's pictures, made when they are first asked for and kept for the next runtime. */
export async function createParity(network: ParityNetwork): Promise<Parity> {
  const model = await createOnnxModel(network.onnx, { ort, name: 'parity' });
  const all = parityRequests(network, network.pictures[0]!.input.shape[2]!);
  const kept = new Map<string, Expected>();

  async function expectedOf(
    { name, input }: Picture,
    stage: Stage,
    requests: readonly ParityRequest[],
  ): Promise<Expected> {
    const key = `${stage} ${name}`;
    const before = kept.get(key);
    if (before) return before;
    const found = await explainMany(
      model,
      input,
      requests.map(({ onnx }) => onnx),
    );
    const expected = { cams: found.map(({ cam }) => cam.data), classIndex: found[0]!.classIndex! };
    kept.set(key, expected);
    return expected;
  }

  async function theirsOf(input: NdArray<Float32Array>): Promise<Theirs> {
    const layers = [network.middle, ...network.kinks];
    const pass = await model.forward(input, { layers: layers.map(({ onnx }) => onnx) });
    try {
      const activations = layers.map(({ onnx, tfjs }) => [tfjs, Array.from(pass.activations(onnx).data)]);
      return { activations: Object.fromEntries(activations), ceiling: network.ceiling };
    } finally {
      pass.dispose();
    }
  }

  return {
    requests: all,
    async compare(explain, picture, stage) {
      const requests = all.filter((request) => request.stage === stage);
      const expected = await expectedOf(picture, stage, requests);
      const input = Array.from(picture.input.data);
      const found = await explain(
        input,
        requests.map(({ tfjs }) => tfjs),
      );
      const flips: Flip[] = [];
      const complaints: string[] = [];
      if (found.classIndex !== expected.classIndex) {
        complaints.push(`${picture.name}: class ${found.classIndex}, with ONNX ${expected.classIndex}`);
      }
      const differences = requests.map((_, i) => largest(found.cams[i]!, expected.cams[i]!));
      const beyond = requests.flatMap(({ tolerance }, i) => (differences[i]! <= tolerance ? [] : [i]));
      if (beyond.length > 0) {
        const agreed = await explain(
          input,
          beyond.map((i) => requests[i]!.tfjs),
          await theirsOf(picture.input),
        );
        beyond.forEach((index, i) => {
          const flip = {
            title: requests[index]!.title,
            picture: picture.name,
            difference: differences[index]!,
            differenceWithoutFlips: largest(agreed.cams[i]!, expected.cams[index]!),
            kinks: agreed.kinks.filter(({ flipped }) => flipped > 0),
          };
          if (isRounding(flip)) flips.push(flip);
          else complaints.push(`${picture.name}, ${flip.title}: ${JSON.stringify(flip)}`);
        });
      }
      return {
        picture: picture.name,
        stage,
        differences: Object.fromEntries(requests.map(({ title }, i) => [title, differences[i]!])),
        flips,
        complaints,
      };
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

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
