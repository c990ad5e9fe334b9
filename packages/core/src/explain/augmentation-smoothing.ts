import type { NdArray } from 'ndarray';
import type { ExplainRun } from '../explain.ts';
import { toMap } from '../kernels/to-map.ts';
import { valueRange } from '../kernels/value-range.ts';
import { mapStatus } from '../map/status.ts';
import { pack, view } from '../view.ts';
import type { ExplainRequest } from './explain-request.ts';
import type { Explanation } from './explanation.ts';
import { forwardRun } from './forward-run.ts';

type Map2d = NdArray<Float32Array>;

/** What the input is multiplied with, each once as it is and once mirrored: six inputs, pytorch-grad-cam's. */
const factors: readonly number[] = [0.9, 1, 1.1];

/** How many inputs augmentation smoothing takes the mean over, the one itself among them. */
export const augmentationCount: number = 2 * factors.length;

/**
 * The mean over the augmented inputs, for the target that was explained at the input itself, where the request asks for it.
 * `explainAt`: a request for another input, whose target is decided.
 */
export async function smoothByAugmentation(
  own: Explanation,
  { augmentationSmoothing, classIndex: _, ...request }: ExplainRequest,
  input: NdArray<Float32Array>,
  explainAt: (input: NdArray<Float32Array>, request: ExplainRequest) => Promise<Explanation>,
  run: ExplainRun,
): Promise<Explanation> {
  if (!augmentationSmoothing) return own;
  const { onProgress } = forwardRun(run);
  const augmented = augmentedInputs(input);
  const others: { explanation: Explanation; mirrored: boolean }[] = [];
  for (const [done, { input, mirrored }] of augmented.entries()) {
    others.push({ explanation: await explainAt(input, request), mirrored });
    onProgress?.(done + 1, augmented.length);
  }
  return augmentationSmoothed(own, others);
}

/** The other five inputs [1, channels, height, width] of augmentation smoothing, each with what undoes its mirroring. */
function augmentedInputs(
  input: NdArray<Float32Array>,
): { readonly input: NdArray<Float32Array>; readonly mirrored: boolean }[] {
  const variants = [false, true].flatMap((mirrored) => factors.map((factor) => ({ mirrored, factor })));
  return variants
    .filter(({ mirrored, factor }) => mirrored || factor !== 1)
    .map(({ mirrored, factor }) => {
      const turned = mirrored ? input.step(1, 1, 1, -1) : input;
      return {
        mirrored,
        input: view(
          pack(turned).map((value) => value * factor),
          input.shape,
        ),
      };
    });
}

/**
 * One explanation from that of the input itself and those of `augmentedInputs`, in that order: the mean of their maps, which is not
 * normalised again.
 */
function augmentationSmoothed(
  own: Explanation,
  others: readonly { readonly explanation: Explanation; readonly mirrored: boolean }[],
): Explanation {
  const mean = (mapOf: (explanation: Explanation) => Map2d): Map2d =>
    meanMap([
      mapOf(own),
      ...others.map(({ explanation, mirrored }) => {
        const map = mapOf(explanation);
        return mirrored ? map.step(1, -1) : map;
      }),
    ]);
  const cam = mean((explanation) => explanation.cam);
  const found = {
    status: own.status === 'ok' ? mapStatus(cam) : own.status,
    range: { ...valueRange(cam.data), unit: 'relative' as const },
  };
  let saliencyMap: Map2d | undefined;
  return {
    scores: own.scores,
    classIndex: own.classIndex,
    target: own.target,
    ledger: own.ledger,
    cam,
    get saliencyMap() {
      saliencyMap ??= mean((explanation) => explanation.saliencyMap);
      return saliencyMap;
    },
    ...found,
    record: { ...own.record, ...found },
  };
}

function meanMap(maps: readonly Map2d[]): Map2d {
  const [height, width] = maps[0]!.shape as [number, number];
  const sum = new Float64Array(height * width);
  for (const map of maps) {
    const values = pack(map);
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]! / maps.length;
  }
  return toMap('explain', sum, height, width);
}
