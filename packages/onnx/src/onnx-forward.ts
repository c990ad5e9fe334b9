import {
  CamError,
  type ForwardOptions,
  type ForwardPass,
  type LayerGradients,
  LayerNotFoundError,
  type LinearHead,
  type NetworkPart,
  pack,
  ShapeError,
  throwIfAborted,
  UnsupportedError,
  view,
} from '@hybridcam/core';
import type { BackwardContext, BackwardEngine, BackwardPass } from './backward.ts';
import { looksLikeProbabilities } from './graph/score-kind.ts';
import type { Scores } from './graph/scores.ts';
import { linearHead } from './head/linear-head.ts';
import { pooledGradients } from './head/pooled-gradients.ts';
import { isDense } from './head/vector-head.ts';
import type { ListedLayer } from './layers/list-layers.ts';
import type { ModelLayers } from './layers/model-layers.ts';
import type { ImageInput } from './model-input.ts';
import type { AttentionSource } from './network/attention-source.ts';
import type { Floats } from './network/broadcast.ts';
import type { ShareSource } from './network/share-source.ts';
import type { OrtTensor } from './ort.ts';
import { createBackwardPasses } from './runtime/backward-passes.ts';
import type { ForwardSessions } from './runtime/forward-sessions.ts';
import { imageTensor } from './runtime/image-tensor.ts';
import { layerTensor } from './runtime/layer-tensor.ts';
import { mapView } from './runtime/map-view.ts';
import { nonFiniteWeight } from './runtime/non-finite-weight.ts';
import { assertFinite, ortFloats } from './runtime/ort-floats.ts';
import type { SerialQueue } from './runtime/serial-queue.ts';
import { createTails } from './runtime/tails.ts';

type FloatArray = ForwardPass['logits'];

export interface OnnxForwardOptions {
  readonly context: BackwardContext;
  readonly engine: BackwardEngine | undefined;
  readonly input: ImageInput;
  readonly scores: Scores;
  readonly layers: ModelLayers;
  readonly sessions: ForwardSessions;
  readonly queue: SerialQueue;
  readonly shares: () => ShareSource;
  readonly attention: () => AttentionSource;
  readonly classCount: number;
  /** Scores are not of classes: their count follows the input's size. */
  readonly dense: boolean;
}

export interface OnnxForward {
  run(input: FloatArray, options?: ForwardOptions): Promise<ForwardPass>;
  dispose(): Promise<void>;
}

/** The adapter's running part: one forward run with the tensors asked for, and gradients from what it left. */
export function createOnnxForward(options: OnnxForwardOptions): OnnxForward {
  const { context, engine, input, scores, layers, sessions, queue, classCount, dense } = options;
  const { ort, graph, files } = context;
  const passes = createBackwardPasses(engine, context);
  const tails = createTails(context);
  let head: { readonly value: LinearHead | undefined } | undefined;
  let disposed = false;
  const assertAlive = (where: string): void => {
    if (disposed) throw new CamError('RUNTIME', `${where}: the model was disposed. Create it again.`);
  };
  const damaged = (): string | undefined => nonFiniteWeight(graph, files);
  const closedForm = (tensor: string): boolean => layers.closedForm?.tensors.has(tensor) ?? false;
  // Then finite scores mean finite maps, and nobody need look through a map of a thousand channels.
  const seenInScores = layers.closedForm?.pool.kind === 'mean' && isDense(layers.closedForm.head);

  const run: OnnxForward['run'] = (
    array,
    { layers: wanted = [], tails: replaced = [], network = [], signal } = {},
  ) =>
    queue(async () => {
      assertAlive('forward');
      throwIfAborted(signal, 'forward');
      const asked = new Map([...wanted, ...replaced].map((name) => [name, layers.resolve(name)]));
      const cut = new Set(replaced.map((name) => asked.get(name)!.tensor.name));
      const sides = [...cut].flatMap((tensor) => tails.sides(tensor));
      const image = imageTensor(ort, input, array);
      const tensors = [...new Set([...asked.values()].map(({ tensor }) => tensor.name))];
      const traced = [...asked.values()]
        .filter(({ tensor, layer }) => layer.gradient === 'varying' && !closedForm(tensor.name))
        .map(({ tensor }) => tensor.name);
      const request = { layers: [...new Set(traced)].sort(), inputShape: image.dims, signal };
      const backward = traced.length > 0 ? await passes.get(request) : undefined;
      const whole = network.includes('shares') ? await wholeNetwork(array, image.dims, signal) : undefined;
      const matrices = network.includes('attention')
        ? available('attention', options.attention())
        : undefined;
      const fetches = new Set([
        scores.tensor,
        ...tensors,
        ...sides,
        ...(backward?.taps ?? []),
        ...(whole?.fetches ?? []),
        ...(matrices?.tensors ?? []),
      ]);
      throwIfAborted(signal, 'forward');
      // Two backward passes may want the same mask of a tensor, which can be made once only.
      const tapNodes = [
        ...new Map(
          [...(backward?.tapNodes ?? []), ...(whole?.tapNodes ?? [])].map((node) => [node.outputs[0], node]),
        ).values(),
      ];
      const tailSeesImage = fetches.delete(input.name);
      const values = new Map(await sessions.run({ [input.name]: image }, [...fetches], tapNodes));
      if (tailSeesImage) values.set(input.name, image);
      else image.dispose();
      try {
        throwIfAborted(signal, 'forward');
        const batch = array.shape[0]!;
        const scoreTensor = values.get(scores.tensor)!;
        const logits = await ortFloats(scoreTensor, scores.tensor);
        if (!dense && logits.length !== batch * classCount) {
          throw new ShapeError(
            `forward: expected ${classCount} scores for each of ${batch} images; the model gave [${scoreTensor.dims.join(', ')}].`,
          );
        }
        assertFinite(logits, scores.tensor, damaged);
        const maps = new Map<string, FloatArray>();
        for (const { tensor, layer } of asked.values()) {
          if (maps.has(tensor.name)) continue;
          const value = values.get(tensor.name)!;
          const data = await ortFloats(value, tensor.name);
          if (!(seenInScores && closedForm(tensor.name))) assertFinite(data, tensor.name, damaged);
          maps.set(tensor.name, mapView(data, value.dims, tensor.layout, layer.name));
        }
        throwIfAborted(signal, 'forward');
        return forwardPass(
          asked,
          maps,
          values,
          logits,
          scoreTensor.dims,
          batch,
          request,
          cut,
          whole,
          matrices,
        );
      } catch (error) {
        // Nobody else knows them, and those on a GPU would stay there.
        for (const tensor of values.values()) tensor.dispose();
        throw error;
      }
    });

  /** What `scoreShares` needs of a pass. @throws UnsupportedError */
  async function wholeNetwork(
    array: FloatArray,
    inputShape: readonly number[],
    signal: ForwardOptions['signal'],
  ) {
    const source = available('shares', options.shares());
    const request = { layers: source.layers, inputShape, signal };
    const { taps, tapNodes } = await passes.get(request);
    return {
      source,
      request,
      tapNodes,
      fetches: [...taps, ...source.reads],
      image: view(pack(array).slice(), array.shape),
    };
  }

  function forwardPass(
    asked: ReadonlyMap<string, ListedLayer>,
    maps: ReadonlyMap<string, FloatArray>,
    values: ReadonlyMap<string, OrtTensor>,
    logits: Float32Array,
    scoreDims: readonly number[],
    batch: number,
    request: Parameters<typeof passes.get>[0],
    cut: ReadonlySet<string>,
    whole: Awaited<ReturnType<typeof wholeNetwork>> | undefined,
    matrices: AttentionSource | undefined,
  ): ForwardPass {
    let open = true;
    const count = logits.length / batch;
    const layerOf = (name: string): ListedLayer => {
      const entry = asked.get(name) ?? layers.resolve(name);
      if (!maps.has(entry.tensor.name)) {
        throw new LayerNotFoundError(
          `forward: expected one of the layers this pass was asked for (${[...asked.keys()].join(', ') || 'none'}); received "${name}". Name it in the option "layers" of forward.`,
        );
      }
      return entry;
    };

    const assertOpen = (where: string): void => {
      if (!open)
        throw new CamError('RUNTIME', `${where}: this forward pass was disposed. Run forward again.`);
    };
    const readCotangent = (where: string, cotangent: FloatArray): Float32Array => {
      const [rows, columns] = cotangent.shape;
      if (cotangent.shape.length !== 2 || rows !== batch || columns !== count) {
        throw new ShapeError(
          `${where}: expected cotangent [${batch}, ${count}]; received [${cotangent.shape.join(', ')}].`,
        );
      }
      return pack(cotangent);
    };

    const backwardRun = (
      where: string,
      wanted: typeof request,
      slopes: Float32Array,
      signal: ForwardOptions['signal'],
    ): ReturnType<BackwardPass['run']> =>
      queue(async () => {
        assertAlive(where);
        const pass: BackwardPass = await passes.get({ ...wanted, signal });
        throwIfAborted(signal, where);
        return pass.run(values, new ort.Tensor('float32', slopes, scoreDims), { signal });
      });

    const gradients: ForwardPass['gradients'] = async (names, cotangent, { signal } = {}) => {
      throwIfAborted(signal, 'gradients');
      assertOpen('gradients');
      const slopes = readCotangent('gradients', cotangent);
      const found = new Map<string, LayerGradients>();
      const traced: [string, ListedLayer][] = [];
      for (const name of names) {
        const entry = layerOf(name);
        const { layer, tensor } = entry;
        if (layer.gradient === 'unavailable') {
          throw new UnsupportedError(`gradients: layer "${name}" has no gradient: ${layer.blockedBy}.`);
        }
        if (!closedForm(tensor.name)) {
          traced.push([name, entry]);
          continue;
        }
        const map = maps.get(tensor.name)!;
        const [, channels, height, width] = map.shape as [number, number, number, number];
        const { head: vectorHead, pool } = layers.closedForm!;
        const pooled = { activations: pack(map), batch, channels, cells: height * width };
        const values = pooledGradients(vectorHead, pool.kind, pooled, slopes);
        found.set(name, view(values, pool.kind === 'mean' ? [batch, channels] : map.shape));
      }
      if (traced.length === 0) return found;
      assertOpen('gradients');
      const results = await backwardRun('gradients', request, slopes, signal);
      for (const [name, { tensor }] of traced) {
        const { data, dims } = results.get(tensor.name)!;
        assertFinite(data, `gradient of ${tensor.name}`, damaged);
        found.set(name, mapView(data, dims, tensor.layout, name));
      }
      return found;
    };

    const scoreShares: ForwardPass['scoreShares'] = async (cotangent, { signal } = {}) => {
      const where = 'scoreShares';
      throwIfAborted(signal, where);
      assertOpen(where);
      if (whole === undefined) throw notAsked('shares');
      const slopes = readCotangent(where, cotangent);
      const found = new Map(await backwardRun(where, whole.request, slopes, signal));
      for (const [tensor, { data }] of found) assertFinite(data, `gradient of ${tensor}`, damaged);
      found.set(scores.tensor, { data: slopes, dims: scoreDims });
      return whole.source.shares(whole.image, await floatsOf(whole.source.reads), found);
    };

    const floatsOf = async (names: readonly string[]): Promise<Map<string, Floats>> => {
      const floats = new Map<string, Floats>();
      for (const name of names) {
        const value = values.get(name)!;
        floats.set(name, { values: await ortFloats(value, name), dims: value.dims });
      }
      return floats;
    };

    const attention: ForwardPass['attention'] = async () => {
      assertOpen('attention');
      if (matrices === undefined) throw notAsked('attention');
      return matrices.attention(await floatsOf(matrices.tensors), batch);
    };

    const scoresFrom: ForwardPass['scoresFrom'] = async (name, activations, { signal } = {}) => {
      const where = 'scoresFrom';
      throwIfAborted(signal, where);
      const { tensor } = layerOf(name);
      if (!cut.has(tensor.name)) {
        throw new LayerNotFoundError(
          `${where}: expected a layer of the option "tails" of forward; received "${name}".`,
        );
      }
      const { shape } = maps.get(tensor.name)!;
      if (activations.shape.join() !== shape.join()) {
        throw new ShapeError(
          `${where}: expected activations [${shape.join(', ')}] like the layer's own; received [${activations.shape.join(', ')}].`,
        );
      }
      return queue(async () => {
        if (!open)
          throw new CamError('RUNTIME', `${where}: this forward pass was disposed. Run forward again.`);
        assertAlive(where);
        const replacement = await layerTensor(ort, activations, values.get(tensor.name)!, tensor);
        const result = await tails.run(tensor.name, new Map([...values, [tensor.name, replacement]]));
        const found = await ortFloats(result, scores.tensor);
        assertFinite(found, scores.tensor, damaged);
        result.dispose();
        replacement.dispose();
        return view(found, [batch, count]);
      });
    };

    return {
      logits: view(logits, [batch, count]),
      scoreKind: !dense && looksLikeProbabilities(logits, batch, count) ? 'probability' : 'logit',
      activations: (name) => maps.get(layerOf(name).tensor.name)!,
      gradients,
      scoreShares,
      attention,
      scoresFrom,
      linearHead: (name) => {
        const { tensor } = layers.resolve(name);
        if (!closedForm(tensor.name) || layers.closedForm!.pool.kind !== 'mean') return undefined;
        head ??= { value: linearHead(layers.closedForm!.head) };
        return head.value;
      },
      dispose: () => {
        if (!open) return;
        open = false;
        for (const tensor of values.values()) tensor.dispose();
      },
    };
  }

  return {
    run,
    dispose: () =>
      queue(async () => {
        if (disposed) return;
        disposed = true;
        await passes.release();
        await tails.release();
        await sessions.release();
      }),
  };
}

/** @throws UnsupportedError */
function available<T extends { readonly blockedBy: string | undefined }>(part: NetworkPart, source: T): T {
  if (source.blockedBy === undefined) return source;
  throw new UnsupportedError(
    `forward: expected a model whose network.${part} can be had; received one where not: ${source.blockedBy}.`,
  );
}

function notAsked(part: NetworkPart): UnsupportedError {
  return new UnsupportedError(
    `forward: expected a pass with ${part}; received one without. Name it in the option "network" of forward: ['${part}'].`,
  );
}
