import {
  type LayerFusion,
  layerFusions,
  type MethodCall,
  methods,
  type Normalization,
  normalizations,
  OptionError,
  type PresetName,
} from '@hybridcam/core';
import type { PreprocessingOptions } from '@hybridcam/image';
import { type Colormap, colormapNamed, colormapNames } from '@hybridcam/viz';
import { channelValues, choiceValue, countValue, listValue, numberValue } from '../flag-values.ts';
import type { FlagValues } from '../flags.ts';
import { type ModelOptions, modelOptions } from '../model-flags.ts';
import { type explainFlags, presetNames, smoothings } from './explain-flags.ts';
import { methodCalls } from './method-calls.ts';
import { preprocessingOf } from './preprocessing-of.ts';
import { parseTarget, type TargetChoice } from './target-choice.ts';

export type SaveKind = (typeof saveKinds)[number];
export const saveKinds = ['overlay', 'heatmap', 'sheet', 'cam', 'saliency', 'record'] as const;

/** What a command line asks for, checked as far as that goes without the model. */
export interface ExplainPlan extends ModelOptions {
  readonly paths: readonly string[];
  /** undefined: the one that comes with the package. */
  readonly model: string | undefined;
  readonly labels: string | undefined;
  /** As typed, or `auto`. */
  readonly layers: readonly string[];
  /** How several layers become one map; undefined: one map per layer. */
  readonly fuse: LayerFusion | undefined;
  readonly smooth: ReadonlySet<(typeof smoothings)[number]>;
  /** Inputs per pass of methods that need many. */
  readonly batchSize: number | undefined;
  /** One entry per method, its settings and alpha. */
  readonly methods: readonly MethodCall[];
  readonly classText: string;
  /** undefined: the method's own. */
  readonly target: TargetChoice | undefined;
  readonly preprocessing: PreprocessingOptions;
  readonly orientation: 'exif' | 'ignore';
  readonly normalize: Normalization | undefined;
  readonly preset: PresetName | undefined;
  readonly save: ReadonlySet<SaveKind>;
  readonly out: string;
  readonly colormap: Colormap | undefined;
  readonly opacity: number | undefined;
  readonly limit: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

type ExplainFlagValues = FlagValues<typeof explainFlags>;

/** @throws OptionError for anything in the command line that cannot be meant */
export function explainPlan(flags: ExplainFlagValues, paths: readonly string[]): ExplainPlan {
  if (paths.length === 0) {
    throw new OptionError(
      'explain: expected images or folders; received none. Try hybridcam explain photo.jpg --model model.onnx.',
    );
  }
  const preset = flags.preset === undefined ? undefined : choiceValue('--preset', flags.preset, presetNames);
  const layers = listValue('--layer', flags.layer ?? 'auto');
  rejectUnused('--fuse', flags.fuse, layers.length > 1, 'several layers in --layer');
  const calls = methodCalls(flags.method ?? 'hybrid', flags.alpha);
  const asksClass = calls.some(({ name }) => !['activations', 'attention'].includes(methods[name].needs));
  rejectUnused('--target', flags.target, asksClass, 'a method that looks at the class in --method');
  const save = saveSet(flags.save ?? 'overlay,record');
  const draws = save.has('overlay') || save.has('heatmap') || save.has('sheet');
  rejectUnused('--colormap', flags.colormap, draws, 'overlay, heatmap or sheet');
  rejectUnused('--opacity', flags.opacity, save.has('overlay') || save.has('sheet'), 'overlay or sheet');
  return {
    paths,
    model: flags.model,
    ...modelOptions(flags),
    labels: flags.labels,
    layers,
    fuse: flags.fuse === undefined ? undefined : choiceValue('--fuse', flags.fuse, layerFusions),
    smooth: new Set(
      flags.smooth === undefined
        ? []
        : listValue('--smooth', flags.smooth).map((name) => choiceValue('--smooth', name, smoothings)),
    ),
    batchSize: flags.batch === undefined ? undefined : countValue('--batch', flags.batch),
    methods: calls,
    classText: flags.class ?? 'top1',
    target: flags.target === undefined ? undefined : parseTarget(flags.target),
    preprocessing: preprocessingOf({
      preset: flags.preprocess,
      resize: flags.resize === undefined ? undefined : countValue('--resize', flags.resize),
      crop: flags.crop === undefined ? undefined : countValue('--crop', flags.crop),
      mean: flags.mean === undefined ? undefined : channelValues('--mean', flags.mean, 'any'),
      std: flags.std === undefined ? undefined : channelValues('--std', flags.std, 'positive'),
      channels:
        flags.channels === undefined ? undefined : choiceValue('--channels', flags.channels, ['rgb', 'bgr']),
    }),
    orientation:
      flags.orientation === undefined
        ? preset === 'notebook'
          ? 'ignore'
          : 'exif'
        : choiceValue('--orientation', flags.orientation, ['exif', 'ignore']),
    normalize:
      flags.normalize === undefined ? undefined : choiceValue('--normalize', flags.normalize, normalizations),
    preset,
    save,
    out: flags.out ?? './hybridcam-out',
    colormap:
      flags.colormap === undefined
        ? undefined
        : colormapNamed(choiceValue('--colormap', flags.colormap, colormapNames)),
    opacity:
      flags.opacity === undefined ? undefined : numberValue('--opacity', flags.opacity, { min: 0, max: 1 }),
    limit: flags.limit === undefined ? Number.POSITIVE_INFINITY : countValue('--limit', flags.limit),
    json: flags.json === true,
    quiet: flags.quiet === true,
  };
}

function saveSet(text: string): ReadonlySet<SaveKind> {
  if (text === 'none') return new Set();
  return new Set(listValue('--save', text).map((kind) => choiceValue('--save', kind, saveKinds)));
}

/** An option that nothing would read is a misunderstanding; saying so beats ignoring it. */
function rejectUnused(flag: string, value: string | undefined, used: boolean, needs: string): void {
  if (value !== undefined && !used) {
    throw new OptionError(
      `${flag}: expected ${needs}; received ${flag} ${value} without, where it would do nothing.`,
    );
  }
}
