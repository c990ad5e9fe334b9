import {
  CamError,
  type ForwardOptions,
  type ForwardPass,
  type LinearHead,
  type Model,
  type NdArray,
  OptionError,
  throwIfAborted,
  UnsupportedError,
} from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { backendGuard } from './backend-guard.ts';
import { keptForBackward } from './backward.ts';
import { findLogits, scoreExtents } from './find-logits.ts';
import { forwardPass } from './forward-pass.ts';
import { refuseDefects } from './known-defects.ts';
import { linearHeadSteps, readLinearHead } from './linear-head.ts';
import type { Evaluation, ModelGraph } from './model-graph.ts';
import { probeGradients } from './probe-gradients.ts';
import {
  areProbabilities,
  checkInput,
  freeExcept,
  readChannelsFirst,
  readLogits,
  runGraph,
} from './run-graph.ts';
import { findSpatialLayers, type LayerSite, resolveSite, spatialSize } from './spatial-layers.ts';
import { tailOf } from './tail-scores.ts';
import type { WeightCache } from './weight-cache.ts';

/** The contract of core over a graph, whichever kind of model it came from. */
export function tfjsModel(
  graph: ModelGraph,
  cache: WeightCache,
  described: Pick<Model, 'identity' | 'labels'>,
): Model {
  const expectBackend = backendGuard();
  refuseDefects(graph.nodes.map(({ defect }) => defect));
  const { name: inputName, shape: inputShape } = graph.input;
  if (inputShape.length !== 4) {
    throw new UnsupportedError(
      `tfjs model: expected an image as input [batch, height, width, channels]; "${inputName}" is ` +
        `[${inputShape.map((extent) => extent ?? '?').join(', ')}].`,
    );
  }
  const size = spatialSize(inputShape, graph.input.layout);
  const { channels } = size;
  if (channels === undefined) {
    throw new UnsupportedError(
      `tfjs model: expected a known number of channels; input "${inputName}" takes any.`,
    );
  }
  const logitsValue = findLogits(graph);
  const extents = scoreExtents(graph, logitsValue);
  const classCount = extents.reduce((product, extent) => product * extent, 1);
  const { labels } = described;
  if (labels && labels.length !== classCount) {
    throw new OptionError(`createTfjsModel: expected ${classCount} labels; received ${labels.length}.`);
  }
  const { sites, defaultLayer } = findSpatialLayers(graph, logitsValue, probeGradients(graph));
  const heads = new Map<string, { head: LinearHead; dataIds: readonly object[] }>();
  const passes = new Set<ForwardPass>();
  let disposed = false;

  const linearHead = async (site: LayerSite, evaluation: Evaluation): Promise<LinearHead | undefined> => {
    const steps = site.pooled === undefined ? undefined : linearHeadSteps(graph, site.pooled, logitsValue);
    if (!steps) return undefined;
    const dataIds = steps.flatMap((step) => step.weights().map((weight) => weight.dataId));
    const known = heads.get(site.value);
    if (known && dataIds.every((id, i) => id === known.dataIds[i])) return known.head;
    const head = await readLinearHead(steps, site.pooled!, classCount, evaluation);
    heads.set(site.value, { head, dataIds });
    return head;
  };

  const forward = async (
    input: NdArray<Float32Array>,
    options: ForwardOptions = {},
  ): Promise<ForwardPass> => {
    const { signal } = options;
    if (disposed) throw new CamError('RUNTIME', 'forward: expected a live model; it was disposed.');
    throwIfAborted(signal, 'forward');
    expectBackend('forward');
    if (options.network?.length) {
      throw new UnsupportedError(
        `forward: expected no parts of the whole network of a TensorFlow.js model; received ${options.network.join(', ')}. Use the ONNX file of the model.`,
      );
    }
    const values = checkInput(graph, input, options.knownFinite);
    const wanted = new Map(
      [...(options.layers ?? []), ...(options.tails ?? [])].map((name) => {
        const site = resolveSite(graph, sites, name);
        return [site.layer.name, site] as const;
      }),
    );
    const targets = [...wanted.values()].flatMap(({ layer, pooled, value }) =>
      layer.gradient === 'unavailable' ? [] : [pooled ?? value],
    );
    const tails = (options.tails ?? []).map((name) => resolveSite(graph, sites, name));
    const kept = keptForBackward(graph, logitsValue, targets);
    for (const { value } of tails) for (const side of tailOf(graph, value, logitsValue).sides) kept.add(side);
    const evaluation = runGraph(graph, values, input.shape, [
      logitsValue,
      ...[...wanted.values()].map(({ value }) => value),
      ...kept,
    ]);
    try {
      const batch = input.shape[0]!;
      const logits = await readLogits(evaluation.values.get(logitsValue)!, batch, classCount);
      const activations = new Map<string, NdArray<Float32Array>>();
      for (const [name, { value }] of wanted) {
        throwIfAborted(signal, 'forward');
        activations.set(name, await readChannelsFirst(evaluation.values.get(value)!, graph.layout));
      }
      const linearHeads = new Map<string, LinearHead>();
      for (const [name, site] of wanted) {
        const head = await linearHead(site, evaluation);
        if (head) linearHeads.set(name, head);
      }
      throwIfAborted(signal, 'forward');
      // The user may have switched while values were read.
      expectBackend('forward');
      const remaining = freeExcept(evaluation, kept);
      const pass = forwardPass({
        graph,
        logitsValue,
        classCount,
        sites: wanted,
        tails: new Set(tails.map(({ layer }) => layer.name)),
        evaluation: remaining,
        logits,
        scoreKind: logitsValue === graph.output && areProbabilities(logits) ? 'probability' : 'logit',
        activations,
        linearHeads,
        expectBackend,
        onDispose: () => passes.delete(pass),
      });
      passes.add(pass);
      return pass;
    } catch (error) {
      tf.dispose([...evaluation.values.values()]);
      throw error;
    }
  };

  return {
    ...described,
    input: { ...size, channels, name: graph.input.name, batch: graph.input.shape[0] },
    classCount,
    outputShape: extents.length > 1 ? extents : undefined,
    layers: sites.map(({ layer }) => layer),
    defaultLayer,
    resolveLayer: (name) => resolveSite(graph, sites, name).layer,
    forward,
    async dispose() {
      disposed = true;
      for (const pass of [...passes]) pass.dispose();
      cache.dispose();
      heads.clear();
    },
  };
}
