import {
  type ForwardOptions,
  type ForwardPass,
  type NetworkPart,
  throwIfAborted,
  UnsupportedError,
  view,
} from '@hybridcam/core';
import type { BackwardPass, BackwardRequest } from '../backward.ts';
import type { OrtTensor } from '../ort.ts';
import type { BackwardPasses } from '../runtime/backward-passes.ts';
import { assertFinite, ortFloats } from '../runtime/ort-floats.ts';
import { packCotangent } from '../runtime/pack-cotangent.ts';
import type { SerialQueue } from '../runtime/serial-queue.ts';
import type { AttentionSource } from './attention-source.ts';
import type { Floats } from './broadcast.ts';
import type { ShareSource } from './share-source.ts';

type FloatArray = ForwardPass['logits'];

/** What a forward run was asked for of the whole network; undefined: it was not. */
export interface NetworkRequests {
  readonly shares: SharesRequest | undefined;
  readonly attention: AttentionSource | undefined;
  readonly blocks: BlocksRequest | undefined;
}

interface SharesRequest {
  readonly source: ShareSource;
  readonly request: BackwardRequest;
  readonly image: FloatArray;
}

interface BlocksRequest {
  readonly attention: AttentionSource;
  /** From the scores of the blocks. */
  readonly passes: BackwardPasses;
  readonly request: BackwardRequest;
  /** Tensor of the scores of the blocks. */
  readonly scores: string;
}

/** Where a backward pass begins: whose passes they are, and the shape of the scores. */
export interface BackwardStart {
  readonly passes: BackwardPasses;
  readonly dims: readonly number[];
}

/** The pass that these parts belong to. */
export interface OpenRun {
  readonly network: NetworkRequests;
  readonly batch: number;
  /** Scores of one image. */
  readonly count: number;
  /** Tensor of the scores. */
  readonly scores: string;
  readonly scoreDims: readonly number[];
  readonly values: ReadonlyMap<string, OrtTensor>;
  readonly queue: SerialQueue;
  /** The first weight that is not finite. */
  damaged(): string | undefined;
  /** @throws CamError when the pass was disposed */
  assertOpen(where: string): void;
  /** Inside the queue. By default from the model's scores. */
  backwardRun(
    where: string,
    request: BackwardRequest,
    slopes: Float32Array,
    signal: ForwardOptions['signal'],
    from?: BackwardStart,
  ): ReturnType<BackwardPass['run']>;
}

/** The parts of a forward pass that look at the whole network instead of a layer. */
export function networkPass(
  run: OpenRun,
): Required<Pick<ForwardPass, 'scoreShares' | 'attention' | 'blocks'>> {
  const { batch, count, scores, scoreDims, values, queue, network } = run;
  const { damaged, assertOpen, backwardRun } = run;

  const scoreShares: ForwardPass['scoreShares'] = async (cotangent, { signal } = {}) => {
    const where = 'scoreShares';
    throwIfAborted(signal, where);
    assertOpen(where);
    if (network.shares === undefined) throw notAsked('shares');
    const { source, image, request } = network.shares;
    const slopes = packCotangent(where, cotangent, [batch, count]);
    const [found, read] = await queue(async () => [
      new Map(await backwardRun(where, request, slopes, signal)),
      await floatsOf(where, source.reads),
    ]);
    throwIfAborted(signal, where);
    for (const [tensor, { data }] of found) assertFinite(data, `gradient of ${tensor}`, damaged);
    found.set(scores, { data: slopes, dims: scoreDims });
    return source.shares(image, read, found);
  };

  /** Inside the queue: what lies on a GPU is not read while a session runs there. */
  const floatsOf = async (where: string, names: readonly string[]): Promise<Map<string, Floats>> => {
    const floats = new Map<string, Floats>();
    for (const name of names) {
      assertOpen(where);
      const value = values.get(name)!;
      floats.set(name, { values: await ortFloats(value, name), dims: value.dims });
    }
    return floats;
  };

  const attention: ForwardPass['attention'] = async () => {
    const where = 'attention';
    assertOpen(where);
    const source = network.attention;
    if (source === undefined) throw notAsked('attention');
    return source.attention(await queue(() => floatsOf(where, source.tensors)), batch);
  };

  const blocks: ForwardPass['blocks'] = async () => {
    assertOpen('blocks');
    if (network.blocks === undefined) throw notAsked('blocks');
    const { attention: source, passes, request, scores: tensor } = network.blocks;
    const shape = [batch, request.layers.length, count];
    const { dims } = values.get(tensor)!;
    const own = await queue(async () => {
      assertOpen('blocks');
      return ortFloats(values.get(tensor)!, tensor);
    });
    assertFinite(own, tensor, damaged);
    return {
      scores: view(own, shape),
      gradients: async (cotangent, { signal } = {}) => {
        const where = 'gradients of blocks';
        throwIfAborted(signal, where);
        assertOpen(where);
        const slopes = packCotangent(where, cotangent, shape);
        const found = await queue(() => backwardRun(where, request, slopes, signal, { passes, dims }));
        throwIfAborted(signal, where);
        const floats = new Map<string, Floats>();
        for (const [name, { data, dims }] of found) {
          assertFinite(data, `gradient of ${name}`, damaged);
          floats.set(name, { values: data, dims });
        }
        return source.attention(floats, batch);
      },
    };
  };

  return { scoreShares, attention, blocks };
}

function notAsked(part: NetworkPart): UnsupportedError {
  return new UnsupportedError(
    `forward: expected a pass with ${part}; received one without. Name it in the option "network" of forward: ['${part}'].`,
  );
}
