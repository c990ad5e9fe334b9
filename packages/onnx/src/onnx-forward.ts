import {
  CamError,
  type ForwardOptions,
  type ForwardPass,
  type LinearHead,
  type NetworkPart,
  pack,
  ShapeError,
  throwIfAborted,
  UnsupportedError,
  view,
} from '@hybridcam/core';
import type { BackwardContext, BackwardEngine } from './backward.ts';
import type { Scores } from './graph/scores.ts';
import { linearHead } from './head/linear-head.ts';
import { isDense } from './head/vector-head.ts';
import type { ModelLayers } from './layers/model-layers.ts';
import type { ImageInput } from './model-input.ts';
import type { AttentionSource } from './network/attention-source.ts';
import type { BlockSource } from './network/block-source.ts';
import type { ShareSource } from './network/share-source.ts';
import { onnxForwardPass, type PassContext } from './onnx-forward-pass.ts';
import { type BackwardPasses, createBackwardPasses } from './runtime/backward-passes.ts';
import type { ForwardSessions } from './runtime/forward-sessions.ts';
import { imageTensor } from './runtime/image-tensor.ts';
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
  readonly blocks: () => BlockSource;
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
  let blockPasses: BackwardPasses | undefined;
  const tails = createTails(context);
  let head: { readonly value: LinearHead | undefined } | undefined;
  const headOfMean = (): LinearHead | undefined => {
    const { closedForm } = layers;
    if (closedForm?.pool.kind !== 'mean') return undefined;
    head ??= { value: linearHead(closedForm.head) };
    return head.value;
  };
  let disposed = false;
  const assertAlive = (where: string): void => {
    if (disposed) throw new CamError('RUNTIME', `${where}: the model was disposed. Create it again.`);
  };
  const damaged = (): string | undefined => nonFiniteWeight(graph, files);
  const isClosedForm = (tensor: string): boolean => layers.closedForm?.tensors.has(tensor) ?? false;
  // Then finite scores mean finite maps, and nobody need look through a map of a thousand channels.
  const seenInScores = layers.closedForm?.pool.kind === 'mean' && isDense(layers.closedForm.head);

  const passContext: PassContext = {
    ort,
    scores: scores.tensor,
    layers,
    passes,
    tails,
    queue,
    dense,
    linearHead: headOfMean,
    isClosedForm,
    damaged,
    assertAlive,
  };

  const run: OnnxForward['run'] = (
    array,
    { layers: wanted = [], tails: replaced = [], network = [], knownFinite, signal } = {},
  ) =>
    queue(async () => {
      assertAlive('forward');
      throwIfAborted(signal, 'forward');
      const asked = new Map([...wanted, ...replaced].map((name) => [name, layers.resolve(name)]));
      const cut = new Set(replaced.map((name) => asked.get(name)!.tensor.name));
      const sides = [...cut].flatMap((tensor) => tails.sides(tensor));
      const image = imageTensor(ort, input, array, knownFinite);
      const tensors = [...new Set([...asked.values()].map(({ tensor }) => tensor.name))];
      const traced = [...asked.values()]
        .filter(({ tensor, layer }) => layer.gradient === 'varying' && !isClosedForm(tensor.name))
        .map(({ tensor }) => tensor.name);
      const request = { layers: [...new Set(traced)].sort(), inputShape: image.dims, signal };
      const backward = traced.length > 0 ? await passes.get(request) : undefined;
      const whole = network.includes('shares') ? await wholeNetwork(array, image.dims, signal) : undefined;
      const matrices = network.includes('attention')
        ? available('attention', options.attention())
        : undefined;
      const chain = network.includes('blocks') ? await blockwise(image.dims, signal) : undefined;
      const shown = new Set([
        scores.tensor,
        ...tensors,
        ...sides,
        ...(whole?.fetches ?? []),
        ...(matrices?.tensors ?? []),
        ...(chain?.fetches ?? []),
      ]);
      const fetches = new Set([...shown, ...(backward?.taps ?? [])]);
      throwIfAborted(signal, 'forward');
      // Two backward passes may want the same mask of a tensor, which can be made once only.
      const tapNodes = [
        ...new Map(
          [...(backward?.tapNodes ?? []), ...(whole?.tapNodes ?? []), ...(chain?.tapNodes ?? [])].map(
            (node) => [node.outputs[0], node],
          ),
        ).values(),
        ...(chain?.nodes ?? []),
      ];
      const tailSeesImage = fetches.delete(input.name);
      const values = new Map(await sessions.run({ [input.name]: image }, [...fetches], tapNodes));
      if (tailSeesImage) values.set(input.name, image);
      else image.dispose();
      shown.add(input.name);
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
          if (!(seenInScores && isClosedForm(tensor.name))) assertFinite(data, tensor.name, damaged);
          maps.set(tensor.name, mapView(data, value.dims, tensor.layout, layer.name));
        }
        throwIfAborted(signal, 'forward');
        return onnxForwardPass(passContext, {
          batch,
          asked,
          cut,
          maps,
          values,
          shown,
          logits,
          scoreDims: scoreTensor.dims,
          request,
          network: { shares: whole, attention: matrices, blocks: chain },
        });
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

  /** What `blocks` needs of a pass. @throws UnsupportedError */
  async function blockwise(inputShape: readonly number[], signal: ForwardOptions['signal']) {
    const source = available('blocks', options.blocks());
    blockPasses ??= createBackwardPasses(engine, source.context());
    const { attention } = source;
    const { nodes, scores } = source.added();
    const request = { layers: attention.tensors, inputShape, signal };
    const { taps, tapNodes = [] } = await blockPasses.get(request);
    return { attention, passes: blockPasses, request, scores, nodes, tapNodes, fetches: [scores, ...taps] };
  }

  return {
    run,
    dispose: () =>
      queue(async () => {
        if (disposed) return;
        disposed = true;
        await passes.release();
        await blockPasses?.release();
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
