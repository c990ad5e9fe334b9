import {
  CamError,
  type ForwardOptions,
  type ForwardPass,
  type LayerGradients,
  LayerNotFoundError,
  type LinearHead,
  pack,
  ShapeError,
  throwIfAborted,
  UnsupportedError,
  view,
} from '@hybridcam/core';
import type { BackwardPass, BackwardRequest } from './backward.ts';
import { looksLikeProbabilities } from './graph/score-kind.ts';
import { pooledGradients } from './head/pooled-gradients.ts';
import type { ListedLayer } from './layers/list-layers.ts';
import type { ModelLayers } from './layers/model-layers.ts';
import { type BackwardStart, type NetworkRequests, networkPass } from './network/network-pass.ts';
import type { OrtRuntime, OrtTensor } from './ort.ts';
import type { BackwardPasses } from './runtime/backward-passes.ts';
import { freeTensors } from './runtime/free-tensors.ts';
import { layerTensor } from './runtime/layer-tensor.ts';
import { mapView } from './runtime/map-view.ts';
import { assertFinite, ortFloats } from './runtime/ort-floats.ts';
import { packCotangent } from './runtime/pack-cotangent.ts';
import type { SerialQueue } from './runtime/serial-queue.ts';
import type { Tails } from './runtime/tails.ts';

type FloatArray = ForwardPass['logits'];

/** What passes of one model share. */
export interface PassContext {
  readonly ort: OrtRuntime;
  /** Tensor of the scores. */
  readonly scores: string;
  readonly layers: ModelLayers;
  readonly passes: BackwardPasses;
  readonly tails: Tails;
  readonly queue: SerialQueue;
  /** Scores are not of classes. */
  readonly dense: boolean;
  /** Of the closed form; undefined where it is not linear. */
  linearHead(): LinearHead | undefined;
  isClosedForm(tensor: string): boolean;
  /** The first weight that is not finite. */
  damaged(): string | undefined;
  /** @throws CamError when the model was disposed */
  assertAlive(where: string): void;
}

/** What one forward run was asked for and left. */
export interface RunResults {
  readonly batch: number;
  /** By the names that were asked for. */
  readonly asked: ReadonlyMap<string, ListedLayer>;
  /** Tensors of the layers that `scoresFrom` may replace. */
  readonly cut: ReadonlySet<string>;
  /** By tensor. */
  readonly maps: ReadonlyMap<string, FloatArray>;
  /** Everything fetched: the pass's own, until it is disposed. */
  readonly values: ReadonlyMap<string, OrtTensor>;
  /** Of these, whose numbers somebody else may hold. */
  readonly shown: ReadonlySet<string>;
  readonly logits: Float32Array;
  readonly scoreDims: readonly number[];
  /** For the backward pass of the layers. */
  readonly request: BackwardRequest;
  readonly network: NetworkRequests;
}

/** A forward run as `explain` uses it. */
export function onnxForwardPass(context: PassContext, results: RunResults): ForwardPass {
  const { ort, scores, layers, passes, tails, queue, damaged, assertAlive } = context;
  const { batch, asked, cut, maps, values, shown, logits, scoreDims, request } = results;
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

  /** Backward runs that read what the pass fetched. */
  let reading = 0;
  /** What nobody but a backward run has seen, once the pass is disposed and no run reads it. */
  const freeHidden = (): void => {
    if (open || reading > 0) return;
    freeTensors([...values].flatMap(([name, tensor]) => (shown.has(name) ? [] : [tensor])));
  };

  const assertOpen = (where: string): void => {
    if (!open) throw new CamError('RUNTIME', `${where}: this forward pass was disposed. Run forward again.`);
  };

  const backwardRun = async (
    where: string,
    wanted: BackwardRequest,
    slopes: Float32Array,
    signal: ForwardOptions['signal'],
    from: BackwardStart = { passes, dims: scoreDims },
  ): ReturnType<BackwardPass['run']> => {
    assertAlive(where);
    const pass: BackwardPass = await from.passes.get({ ...wanted, signal });
    throwIfAborted(signal, where);
    // While it waited for others, somebody may have disposed the tensors it reads.
    assertOpen(where);
    reading++;
    try {
      return await pass.run(values, new ort.Tensor('float32', slopes, from.dims), { signal });
    } finally {
      reading--;
      freeHidden();
    }
  };

  const gradients: ForwardPass['gradients'] = async (names, cotangent, { signal } = {}) => {
    throwIfAborted(signal, 'gradients');
    assertOpen('gradients');
    const slopes = packCotangent('gradients', cotangent, [batch, count]);
    const found = new Map<string, LayerGradients>();
    const traced: [string, ListedLayer][] = [];
    for (const name of names) {
      const entry = layerOf(name);
      const { layer, tensor } = entry;
      if (layer.gradient === 'unavailable') {
        throw new UnsupportedError(`gradients: layer "${name}" has no gradient: ${layer.blockedBy}.`);
      }
      if (!context.isClosedForm(tensor.name)) {
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
    const results = await queue(() => backwardRun('gradients', request, slopes, signal));
    for (const [name, { tensor }] of traced) {
      const { data, dims } = results.get(tensor.name)!;
      assertFinite(data, `gradient of ${tensor.name}`, damaged);
      found.set(name, mapView(data, dims, tensor.layout, name));
    }
    return found;
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
      assertOpen(where);
      assertAlive(where);
      const replacement = await layerTensor(ort, activations, values.get(tensor.name)!, tensor);
      const made = [replacement];
      try {
        const result = await tails.run(tensor.name, new Map([...values, [tensor.name, replacement]]));
        made.push(result);
        const found = await ortFloats(result, scores);
        assertFinite(found, scores, damaged);
        return view(found, [batch, count]);
      } finally {
        for (const tensor of made) tensor.dispose();
      }
    });
  };

  return {
    logits: view(logits, [batch, count]),
    scoreKind: !context.dense && looksLikeProbabilities(logits, batch, count) ? 'probability' : 'logit',
    activations: (name) => maps.get(layerOf(name).tensor.name)!,
    gradients,
    ...networkPass({ ...results, count, scores, queue, damaged, assertOpen, backwardRun }),
    scoresFrom,
    linearHead: (name) => {
      const { tensor } = layers.resolve(name);
      return context.isClosedForm(tensor.name) ? context.linearHead() : undefined;
    },
    dispose: () => {
      if (!open) return;
      open = false;
      for (const name of shown) values.get(name)?.dispose();
      freeHidden();
    },
  };
}
