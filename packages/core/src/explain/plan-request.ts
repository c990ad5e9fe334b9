import { assertOneOf } from '../check-options.ts';
import { OptionError, UnsupportedError } from '../errors.ts';
import { normalizations } from '../kernels/normalized.ts';
import { layerFusions } from '../map/fuse-layers.ts';
import { type ResolvedMethod, resolveMethod } from '../methods/method-call.ts';
import { methodNames, methodTable } from '../methods/method-table.ts';
import type { Model, NetworkPart } from '../model.ts';
import { type Preset, type PresetName, presets } from '../presets.ts';
import { assertClassSelector } from '../target/resolve-class.ts';
import { assertNetworkPart } from './assert-network-part.ts';
import { crossLayers } from './cross-layers.ts';
import type { ExplainRequest } from './explain-request.ts';
import { networkPartOf } from './network-part-of.ts';

/** A request with everything decided that does not depend on the scores. */
export interface Plan {
  readonly request: ExplainRequest;
  readonly method: ResolvedMethod;
  /** Canonical names. */
  readonly layers: readonly string[];
  /** What the method needs of the whole network instead of a layer. */
  readonly networkPart?: NetworkPart | undefined;
  /** The preset, with the request's own `normalize` in place of the preset's. */
  readonly numbers: Preset;
}

/** @throws OptionError, LayerNotFoundError, UnsupportedError: whatever can be refused before the model runs */
export function planRequest(model: Model, request: ExplainRequest): Plan {
  const where = 'explain';
  const { preset, normalize, classIndex, target } = request;
  if (preset !== undefined) assertOneOf(where, 'preset', preset, Object.keys(presets) as PresetName[]);
  if (normalize !== undefined) assertOneOf(where, 'normalize', normalize, normalizations);
  if (classIndex !== undefined) {
    assertClassSelector(where, classIndex);
    if (typeof target === 'object') {
      throw new OptionError(
        `${where}: expected classIndex or a finished target; received both ${classIndex} and ${target.description}.`,
      );
    }
  }
  if (model.outputShape !== undefined && typeof target !== 'object') {
    throw new OptionError(
      `${where}: expected a finished target, such as regionMean or boxScore, for a model whose output is [${model.outputShape}]; received ` +
        `${target === undefined ? 'none' : 'one to be made for a class'}. Its scores are not of classes.`,
    );
  }
  const named = presets[preset ?? 'paper'];
  const method = resolveMethod(where, request.method ?? 'hybrid', named.variant);
  if (request.eigenSmoothing && !method.facts.sums) {
    const able = methodNames.filter((name) => methodTable[name].sums);
    throw new OptionError(
      `${where}: expected a method that sums over channels for eigenSmoothing; received ${method.name}. These do: ${able.join(', ')}.`,
    );
  }
  return {
    request,
    method,
    layers: planLayers(model, method, request),
    networkPart: networkPartOf(method.facts),
    numbers: { ...named, normalize: normalize ?? named.normalize },
  };
}

function planLayers(model: Model, method: ResolvedMethod, request: ExplainRequest): string[] {
  const { layers: count, needs, elsewhere } = method.facts;
  const { targetLayer, layerFusion } = request;
  if (count === 0) {
    if (targetLayer !== undefined || layerFusion !== undefined) {
      const sees = needs === 'forwards' ? 'sees the model from outside only' : 'looks at the whole network';
      throw new OptionError(
        `explain: expected no target layer for ${method.name}, which ${sees}; received ${targetLayer ?? `layerFusion ${layerFusion}`}.`,
      );
    }
    assertNetworkPart(model, method);
    return [];
  }
  const automatic = () => (count === 2 ? crossLayers(model) : [model.defaultLayer]);
  const names = targetLayer === undefined ? automatic() : [targetLayer].flat();
  if (layerFusion !== undefined) {
    assertOneOf('explain', 'layerFusion', layerFusion, layerFusions);
    if (count !== 1 || names.length < 2) {
      throw new OptionError(
        `explain: expected layerFusion with several target layers of a one-layer method; received ${names.length} for ${method.name}.`,
      );
    }
  } else if (names.length !== count) {
    throw new OptionError(
      `explain: expected ${count} target layer${count === 1 ? '' : 's'} for ${method.name}; received ${names.length} (${names.join(', ')}). ` +
        'Several layers become one map with layerFusion.',
    );
  }
  return names.map((name) => {
    const layer = model.resolveLayer(name);
    if (needs === 'gradients' && layer.gradient === 'unavailable') {
      throw new UnsupportedError(
        `explain: expected a layer with gradients for ${method.name}; received "${layer.name}", which has none: ${layer.blockedBy}. ` +
          `Layers that have: ${layersWithGradients(model)}.`,
      );
    }
    if (request.eigenSmoothing && needs === 'head' && layer.gradient !== 'constant') {
      throw new UnsupportedError(
        `explain: expected global average pooling + linear behind "${layer.name}" for ${method.name} with eigenSmoothing; received another head. Use grad-cam.`,
      );
    }
    // A linear head makes the gradient the same in every cell; whether one that does is linear shows when the model runs.
    if (needs === 'head' && elsewhere === undefined && layer.gradient !== 'constant') {
      throw new UnsupportedError(
        `explain: expected global average pooling + linear behind "${layer.name}" for ${method.name}; received another head. Use grad-cam.`,
      );
    }
    return layer.name;
  });
}

function layersWithGradients(model: Model): string {
  const names = model.layers.filter(({ gradient }) => gradient !== 'unavailable').map(({ name }) => name);
  return names.length === 0 ? 'none' : names.slice(-10).join(', ');
}
