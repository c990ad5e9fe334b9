import { UnsupportedError } from '@hybridcam/core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { nameWithin } from '../load/shared-layer-names.ts';
import type { Layer } from './layer-rule.ts';

/** One application of one layer inside the model. */
export interface LayerStep {
  readonly layer: Layer;
  /** From the outermost nested model to the layer, each with the index of its application. */
  readonly path: readonly { readonly name: string; readonly nodeIndex: number }[];
  /** Names under which a nested model's output is known. */
  readonly aliases: string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly symbolicInputs: readonly SymbolicTensor[];
  readonly symbolicOutputs: readonly SymbolicTensor[];
  readonly callArgs: Readonly<Record<string, unknown>>;
}

export interface LayerWalk {
  /** Topological order. */
  readonly steps: readonly LayerStep[];
  readonly inputs: readonly {
    readonly value: string;
    readonly name: string;
    readonly symbolic: SymbolicTensor;
  }[];
  readonly output: string;
}

/**
 * Follows the layers' own nodes from an output back to the inputs. A value's identity is layer, application and tensor index,
 * so the applications of a shared layer stay apart; nested models are walked through.
 */
export function walkLayers(output: SymbolicTensor): LayerWalk {
  const steps: LayerStep[] = [];
  const inputs: LayerWalk['inputs'][number][] = [];
  const done = new Map<string, LayerStep | undefined>();

  const visit = (symbolic: SymbolicTensor, scope: Scope): string => {
    const layer = symbolic.sourceLayer as Layer;
    const { nodeIndex } = symbolic;
    const node = layer.inboundNodes[nodeIndex]!;
    const tensorIndex = node.outputTensors.indexOf(symbolic);
    const path = [...scope.path, { name: layer.name, nodeIndex }];
    const id = path.map(({ name, nodeIndex: index }) => `${name}/${index}`).join('/');
    const value = `${id}/${tensorIndex}`;
    if (layer.getClassName() === 'InputLayer') {
      const outer = scope.feeds.get(symbolic.id);
      if (outer !== undefined) return outer;
      if (!inputs.some((input) => input.value === value)) inputs.push({ value, name: layer.name, symbolic });
      return value;
    }
    const sources = node.inboundLayers.map(
      (inbound, i) => inbound.inboundNodes[node.nodeIndices[i]!]!.outputTensors[node.tensorIndices[i]!]!,
    );
    if (isNested(layer) && sources.length > 0) {
      const feeds = new Map(layer.inputs.map((inner, i) => [inner.id, visit(sources[i]!, scope)]));
      const inner = visit(layer.outputs[tensorIndex]!, { path, feeds });
      const last = steps.find(({ outputs }) => outputs.includes(inner));
      const alias = path.map(({ name }) => name).join('/');
      if (last && layer.outputs.length === 1 && !last.aliases.includes(alias)) last.aliases.push(alias);
      return inner;
    }
    if (done.has(id)) {
      if (!done.get(id))
        throw new UnsupportedError(`tfjs model: layer "${layer.name}" takes part in a cycle.`);
      return value;
    }
    done.set(id, undefined);
    const step: LayerStep = {
      layer,
      path,
      aliases: [],
      inputs: sources.map((source) => visit(source, scope)),
      outputs: node.outputTensors.map((_, i) => `${id}/${i}`),
      symbolicInputs: sources,
      symbolicOutputs: node.outputTensors,
      callArgs: (node.callArgs ?? {}) as Record<string, unknown>,
    };
    done.set(id, step);
    steps.push(step);
    return value;
  };

  return { output: visit(output, { path: [], feeds: new Map() }), steps, inputs };
}

/**
 * Names as the user writes them: `layer`, `nested/layer`, and `layer[0]`, `layer[1]`, … where one layer is applied several
 * times in this model, counted in the order of application.
 */
export function displayNames(steps: readonly LayerStep[]): Map<LayerStep, string> {
  const applications = new Map<string, number[]>();
  const parents = (step: LayerStep, depth: number): string =>
    JSON.stringify([...step.path.slice(0, depth), step.path[depth]!.name]);
  for (const step of steps) {
    step.path.forEach(({ nodeIndex }, depth) => {
      const key = parents(step, depth);
      const seen = applications.get(key) ?? [];
      if (!seen.includes(nodeIndex))
        applications.set(
          key,
          [...seen, nodeIndex].sort((a, b) => a - b),
        );
    });
  }
  return new Map(
    steps.map((step) => {
      const parts = step.path.map(({ name: whole, nodeIndex }, depth) => {
        const seen = applications.get(parents(step, depth))!;
        const name = nameWithin(whole, modelsOf(step.path.slice(0, depth + 1)));
        return seen.length === 1 ? name : `${name}[${seen.indexOf(nodeIndex)}]`;
      });
      return [step, parts.join('/')];
    }),
  );
}

/** The step's layer by the name that the user gave it. */
export function ownName({ layer, path }: LayerStep): string {
  return nameWithin(layer.name, modelsOf(path));
}

function modelsOf(path: LayerStep['path']): string[] {
  return path.slice(0, -1).map(({ name }) => name);
}

interface Scope {
  readonly path: LayerStep['path'];
  /** Outer values for the inputs of the nested model, by the id of the inner symbolic tensor. */
  readonly feeds: ReadonlyMap<number, string>;
}

interface NestedModel extends Layer {
  readonly inputs: SymbolicTensor[];
  readonly outputs: SymbolicTensor[];
}

function isNested(layer: Layer): layer is NestedModel {
  return (
    Array.isArray((layer as Partial<NestedModel>).outputs) &&
    Array.isArray((layer as Partial<NestedModel>).inputs)
  );
}
