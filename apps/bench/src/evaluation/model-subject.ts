import { type Model, type NdArray, pack, toProbabilities, UnsupportedError, view } from '@hybridcam/core';
import type { ScoreOptions, Subject } from '@hybridcam/metrics';

/** Images per forward pass: more gains nothing on the runtimes we measured and costs memory. */
const BATCH_SIZE = 8;

export interface CountedSubject extends Subject {
  /** Forward passes (images, not calls) so far. */
  readonly forwards: () => number;
}

/** A model as the metrics see it: a function from inputs to scores. */
export function modelSubject(
  model: Model,
  scoreKind: 'probability' | 'logit',
  options: { readonly batchSize?: number; readonly signal?: AbortSignal } = {},
): CountedSubject {
  let count = 0;
  const batchSize = model.input.batch ?? options.batchSize ?? BATCH_SIZE;
  const scoreBatch = async (
    input: NdArray<Float32Array>,
    { knownFinite }: ScoreOptions = {},
  ): Promise<NdArray<Float32Array>> => {
    const pass = await model.forward(input, { knownFinite, signal: options.signal });
    try {
      count += input.shape[0]!;
      if (scoreKind === 'logit') {
        if (pass.scoreKind === 'logit') return pass.logits;
        throw new UnsupportedError(
          `score: expected logits for --score logit; "${model.identity.name}" gives probabilities only.`,
        );
      }
      return pass.scoreKind === 'probability' ? pass.logits : probabilities(pass.logits);
    } finally {
      pass.dispose();
    }
  };
  return {
    scoreKind,
    batchSize,
    ...(options.signal ? { signal: options.signal } : {}),
    forwards: () => count,
    async score(input, known) {
      const fixed = model.input.batch;
      if (fixed === undefined || input.shape[0] === fixed) return scoreBatch(input, known);
      return inFixedBatches(input, fixed, (batch) => scoreBatch(batch, known));
    },
  };
}

/** A model exported with a fixed batch gets full batches; the last one is filled up by repeating its last image. */
async function inFixedBatches(
  input: NdArray<Float32Array>,
  size: number,
  score: (batch: NdArray<Float32Array>) => Promise<NdArray<Float32Array>>,
): Promise<NdArray<Float32Array>> {
  const total = input.shape[0]!;
  const data = pack(input);
  const perImage = data.length / total;
  const parts: NdArray<Float32Array>[] = [];
  for (let start = 0; start < total; start += size) {
    const batch = new Float32Array(size * perImage);
    for (let row = 0; row < size; row++) {
      const from = Math.min(start + row, total - 1) * perImage;
      batch.set(data.subarray(from, from + perImage), row * perImage);
    }
    parts.push(await score(view(batch, [size, ...input.shape.slice(1)])));
  }
  const classes = parts[0]!.shape[1]!;
  const joined = new Float32Array(total * classes);
  parts.forEach((part, i) => {
    const rows = Math.min(size, total - i * size);
    joined.set(pack(part).subarray(0, rows * classes), i * size * classes);
  });
  return view(joined, [total, classes]);
}

function probabilities(logits: NdArray<Float32Array>): NdArray<Float32Array> {
  const [batch, classes] = logits.shape as [number, number];
  const data = pack(logits);
  const result = new Float32Array(data.length);
  for (let row = 0; row < batch; row++) {
    result.set(toProbabilities(data.subarray(row * classes, (row + 1) * classes)), row * classes);
  }
  return view(result, [batch, classes]);
}
