import { type LoadedModel, loadModel } from '../../load-model.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import type { Flag, ValueFlag } from '../flags.ts';
import {
  deviceFlag,
  modelOptions,
  offlineFlag,
  outputFlag,
  runtimeFlag,
  tokensFlag,
  weightsFlag,
} from '../model-flags.ts';
import { oneModel } from '../one-model.ts';
import { jsonLine, plainText } from '../plain-text.ts';
import { displayWidth, fit, wrap } from '../text-layout.ts';

const FLAGS = {
  model: {
    value: 'FILE',
    short: 'm',
    help: 'The classifier: an ONNX file, a model.json, or a name; the flag itself may be left out.',
  },
  runtime: runtimeFlag as ValueFlag,
  device: deviceFlag as ValueFlag,
  weights: weightsFlag as ValueFlag,
  offline: offlineFlag as Flag,
  output: outputFlag as ValueFlag,
  tokens: tokensFlag as ValueFlag,
  json: { help: 'One JSON object per layer on stdout.' },
} as const;

const COST_NOTE = wrap(
  'cost: forward passes, by multiplications alone: at least that in practice; light networks take longer. hybridcam doctor measures it.',
  78,
  '  ',
);

/** Layers may have long names; the numbers beside them should still fit on the line. */
const NAME_COLUMNS = 36;

export const layersCommand: Command<typeof FLAGS> = {
  name: 'layers',
  usage: '[--model] FILE.onnx [flags]',
  summary: 'list the layers at which a model can be explained',
  description:
    'Lists the spatial layers of a classifier in the order of the data, with shape [channels, height, width], input pixels per cell (stride), the parameters up to there, and the cost of an explanation in forward passes, by multiplications alone: it takes that long or longer, much longer in light networks; hybridcam doctor measures it. The name, or any unique alias, goes into explain --layer.',
  flags: FLAGS,
  examples: ['hybridcam layers resnet50.onnx', 'hybridcam layers resnet50.onnx --json'],
  async run(flags, positionals, { stdout, signal }) {
    const file = oneModel('layers', flags.model, positionals);
    const model = await loadModel(file, { ...modelOptions(flags), signal });
    try {
      stdout.write(flags.json ? layerLines(model) : layerTable(model));
    } finally {
      await model.dispose();
    }
    return EXIT.done;
  },
};

function layerLines(model: LoadedModel): string {
  return model.layers
    .map((layer) => {
      const { name, aliases, shape, stride, layout, parameterCount, gradient, cost, blockedBy } = layer;
      const facts = {
        name,
        aliases,
        shape: shape ?? null,
        stride: stride ?? null,
        layout: layout ?? null,
        parameterCount: parameterCount ?? null,
        gradient,
        cost: cost ?? null,
        blockedBy: blockedBy ?? null,
        default: name === model.defaultLayer,
      };
      return `${jsonLine(facts)}\n`;
    })
    .join('');
}

function layerTable(model: LoadedModel): string {
  if (model.layers.length === 0) {
    return `${wrap('No tensor of this model is a map of places. Methods that see the model from outside work: rise, occlusion.', 80)}\n`;
  }
  const header = ['  layer', 'shape', 'stride', 'parameters', 'cost'];
  const rows = model.layers.map((layer) => [
    `${layer.name === model.defaultLayer ? '›' : ' '} ${plainText(layer.name)}`,
    layer.shape?.join('×') ?? '?',
    layer.stride === undefined ? '?' : String(layer.stride),
    layer.parameterCount === undefined ? '?' : layer.parameterCount.toLocaleString('en-US'),
    layer.gradient === 'unavailable' ? 'none' : layer.cost === undefined ? '?' : `${layer.cost.toFixed(2)}×`,
  ]);
  const widths = header.map((title, column) => {
    const widest = Math.max(...[...rows.map((row) => row[column]!), title].map(displayWidth));
    return column === 0 ? Math.min(NAME_COLUMNS, widest) : widest;
  });
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0
          ? fit(cell, widths[0]!)
          : ' '.repeat(Math.max(0, widths[column]! - displayWidth(cell))) + cell,
      )
      .join('  ')
      .trimEnd();
  const lines = [line(header), ...rows.map(line)];
  const blocked = [
    ...new Set(model.layers.flatMap(({ blockedBy }) => (blockedBy === undefined ? [] : [blockedBy]))),
  ];
  const notes = blocked.map((reason) => wrap(`no gradient: ${plainText(reason)}`, 78, '  '));
  const layouts = new Set(model.layers.flatMap(({ layout }) => layout ?? []));
  const legend = [
    '› is the default layer (--layer auto).',
    ...(model.layers.some(({ cost = 1 }) => cost > 1) ? [COST_NOTE] : []),
    ...(layouts.size === 0 ? [] : [wrap(`layout: ${[...layouts].join('; ')}`, 78, '  ')]),
    ...notes,
  ];
  return `${[...lines, '', ...legend].join('\n')}\n`;
}
