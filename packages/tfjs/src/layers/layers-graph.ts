import { UnsupportedError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { evaluateNodes } from '../evaluate-nodes.ts';
import {
  type GraphNode,
  inputLayout,
  type Layout,
  type ModelGraph,
  type SymbolicShape,
} from '../model-graph.ts';
import { activationGradient, activationRule } from '../rules/activation.ts';
import type { WeightCache } from '../weight-cache.ts';
import { chooseOutput } from './choose-output.ts';
import { layerDefect } from './layer-defect.ts';
import { layerBehaviour } from './layer-rule.ts';
import { displayNames, type LayerStep, ownName, walkLayers } from './layer-walk.ts';
import { splitActivation } from './split-activation.ts';

/**
 * A LayersModel as a graph of steps. Every step calls `layer.apply` on concrete tensors: nothing is re-applied to symbolic
 * ones, so the user's model stays as it was, and no sub-model is built that could dispose his layers.
 */
export function layersGraph(
  model: LayersModel,
  output: string | number | undefined,
  cache: WeightCache,
): ModelGraph {
  const chosen = chooseOutput(model, output);
  const walk = walkLayers(chosen);
  if (walk.inputs.length !== 1) {
    const names = walk.inputs.map(({ name }) => `"${name}"`).join(', ');
    throw new UnsupportedError(
      `tfjs model: expected one input; received ${walk.inputs.length} (${names}). Wrap the model so that only the image is left.`,
    );
  }
  const [input] = walk.inputs as [(typeof walk.inputs)[0]];
  const { dtype } = input.symbolic;
  if (dtype !== 'float32') {
    throw new UnsupportedError(
      `tfjs model: expected a float32 input; "${input.name.slice(0, 120)}" is ${String(dtype).slice(0, 40)}.`,
    );
  }
  const layout = layoutOf(walk.steps);
  const names = displayNames(walk.steps);
  const shapes = new Map<string, SymbolicShape>([[input.value, known(input.symbolic)]]);
  for (const step of walk.steps) {
    for (const [i, value] of step.outputs.entries()) shapes.set(value, known(step.symbolicOutputs[i]!));
  }
  const nodes = walk.steps.flatMap((step) => graphNodes(step, names, cache));
  for (const node of nodes) {
    // The value between a layer and the activation split off it has the layer's own size.
    const [value] = node.outputs as [string];
    if (!shapes.has(value)) shapes.set(value, shapes.get(value.slice(0, -LINEAR.length))!);
  }
  return {
    outputName: chosen.sourceLayer.name,
    isElsewhere: (name) => model.layers.some((layer) => layer.name === name),
    layout,
    input: {
      value: input.value,
      name: input.name,
      shape: known(input.symbolic),
      layout: inputLayout(known(input.symbolic), layout),
    },
    output: walk.output,
    nodes,
    shapeOf: (value) => shapes.get(value),
    isFloat: () => true,
    evaluate: (tensor, fetch) => evaluateNodes(nodes, new Map([[input.value, tensor]]), fetch),
  };
}

/** Keras says per layer where its channels are. */
function layoutOf(steps: readonly LayerStep[]): Layout {
  const spatial = steps.filter(({ layer }) =>
    /(Conv|Pooling|UpSampling|ZeroPadding|Cropping)\w*2D/.test(layer.getClassName()),
  );
  const first = spatial.filter(
    ({ layer }) => (layer.getConfig() as { dataFormat?: unknown }).dataFormat === 'channelsFirst',
  );
  if (first.length === 0) return 'NHWC';
  if (first.length === spatial.length) return 'NCHW';
  const last = spatial.find((step) => !first.includes(step))!;
  throw new UnsupportedError(
    `tfjs model: expected one data format in all layers; "${first[0]!.layer.name}" is channelsFirst, "${last.layer.name}" channelsLast.`,
  );
}

const LINEAR = ':linear';

/** Layers whose configuration tells all: a network has dozens of them, and one probe does. */
const FREQUENT = new Set(['Activation', 'LeakyReLU', 'ELU', 'Multiply', 'LayerNormalization', 'Softmax']);

function graphNodes(step: LayerStep, names: ReadonlyMap<LayerStep, string>, cache: WeightCache): GraphNode[] {
  const { layer } = step;
  const name = names.get(step)!;
  const inputShapes = step.symbolicInputs.map(({ shape }) => shape);
  const { role, rule } = layerBehaviour(layer, inputShapes, name, cache);
  const defect = layerDefect(layer, inputShapes[0] ?? []);
  const { name: _name, ...config } = layer.getConfig();
  const common = {
    aliases: [...new Set([...step.aliases, ...(step.path.length > 1 ? [ownName(step)] : [])])].filter(
      (alias) => alias !== name,
    ),
    defect: defect && `${layer.getClassName()} "${name}": ${defect}`,
    blockedBy: undefined,
    differentiable: true,
    parameterOwner: layer,
  };
  const whole: GraphNode = {
    ...common,
    name,
    op: layer.getClassName(),
    inputs: step.inputs,
    outputs: step.outputs,
    role,
    rule,
    probeKey: JSON.stringify([
      FREQUENT.has(layer.getClassName()) ? '' : name,
      layer.getClassName(),
      config,
      inputShapes,
    ]),
    parameterCount: layer.countParams(),
    weights: () => layer.weights.map((variable) => variable.read()),
    run(inputs) {
      const applied = layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs], {
        ...step.callArgs,
        training: false,
      });
      return (Array.isArray(applied) ? applied : [applied]) as tf.Tensor[];
    },
  };
  const split = splitActivation(layer, name, cache);
  if (!split) return [whole];
  const [value] = step.outputs as [string];
  return [
    {
      ...whole,
      name: `${name}${LINEAR}`,
      aliases: [],
      outputs: [`${value}${LINEAR}`],
      role: 'affine',
      rule: split.rule,
      run: ([x]) => [split.linear(x!)],
    },
    {
      ...whole,
      inputs: [`${value}${LINEAR}`],
      role: split.activation,
      rule: split.activation === 'sigmoid' ? activationRule(activationGradient('sigmoid')!) : undefined,
      parameterCount: 0,
      run: ([x]) => [split.activation === 'softmax' ? tf.softmax(x!) : tf.sigmoid(x!)],
    },
  ];
}

function known(symbolic: SymbolicTensor): SymbolicShape {
  return symbolic.shape.map((extent) => extent ?? undefined);
}
