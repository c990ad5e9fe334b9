import { explainFlags } from 'hybridcam/command-kit';
import { baselineNames } from '../evaluation/metric-plan.ts';

const {
  model,
  runtime,
  device,
  weights,
  offline,
  output,
  tokens,
  labels,
  layer,
  method,
  alpha,
  preprocess,
  resize,
  crop,
  mean,
  std,
  channels,
  orientation,
  normalize,
  limit,
  quiet,
} = explainFlags;

/** Model, layer, method and preprocessing flags are those of `hybridcam explain`, with the same meaning and defaults. */
export const runFlags = {
  images: {
    value: 'WHAT',
    help: 'A file, a folder, a manifest.jsonl ({"file", "box" or "mask", "class"} a line), or scenes[:N], held-out pictures whose evidence is known. Default: scenes:200.',
  },
  'scene-kind': {
    value: 'KIND',
    help: 'Of scenes: single, two-objects, or clever-hans, where a mark names the class of the object. Default: single.',
  },
  model,
  runtime,
  device,
  weights,
  offline,
  output,
  tokens,
  labels,
  layer,
  method: { ...method, help: `${method.help} Controls: random, centre, oracle.` },
  alpha: { ...alpha, value: 'A[,A…]|LOW:HIGH:STEP', help: `${alpha.help} A range counts both ends.` },
  class: {
    ...explainFlags.class,
    help: 'What to explain: top1, an index from 0, or a label. Default: top1.',
  },
  metric: {
    value: 'NAME[,NAME…]',
    help: 'insertion, deletion, abpc, average-drop, average-increase, average-gain, road, mu-fidelity, weight-randomisation, head-randomisation, class-sensitivity, sparseness, entropy; with masks energy, energy-lift, rank-accuracy, iou, pointing-game, average-precision, boundary-f-score, distractor-mass; on scenes intervention, background-independence, clever-hans. Default: insertion,deletion.',
  },
  'metric-preset': {
    value: 'NAME',
    help: 'Curves: rise (29 points), rise-full (225), torchcam (21). Default: rise.',
  },
  steps: { value: 'N', help: "For curves: N equal intervals. Default: the preset's." },
  baseline: { value: 'NAME', help: `For both curves: ${baselineNames.join(', ')}. Default: the preset's.` },
  score: { value: 'probability|logit', help: 'Which score the curves follow. Default: probability.' },
  reference: {
    value: 'ROW',
    help: 'The row compared against, as tables name it. Default: grad-cam, else the first row.',
  },
  preprocess,
  resize,
  crop,
  mean,
  std,
  channels,
  orientation,
  normalize,
  limit: { ...limit, help: 'Evaluate only the first N images.' },
  holdout: {
    help: 'Choose the best alpha and layer of each method, by the first metric, on about half of the images and judge them on the others.',
  },
  seed: { value: 'S', help: 'Of scenes, noise and resampling. Default: 0.' },
  batch: {
    value: 'N|auto',
    help: 'Images per forward pass of the metrics. Default: auto, the fastest by a short measurement; with --queue 8.',
  },
  shard: {
    value: 'I/N',
    help: 'Only every Nth image, beginning with the Ith (1 to N). Merge with: report DIR DIR…',
  },
  queue: {
    value: 'URL',
    help: 'Let workers do it: redis://HOST or rediss://… Start them with hybridcam-bench worker.',
  },
  'queue-prefix': { value: 'NAME', help: 'Of the keys in Redis. Default: hybridcam.' },
  serve: {
    value: '[HOST:]PORT',
    help: 'With --queue: where workers fetch model and images from, by hash. Default: 127.0.0.1, a free port.',
  },
  source: {
    value: 'URL|FILE[,…]',
    help: 'With --queue: where workers find the content first: addresses that answer /HASH, or a manifest.jsonl of {"sha256", "url"} a line, such as presigned addresses.',
  },
  'shard-size': { value: 'N', help: 'With --queue: images per job. Default: 8.' },
  out: { value: 'DIR', short: 'o', help: 'The run folder. Default: ./hybridcam-bench-out.' },
  resume: { help: 'Continue an interrupted run; add methods or metrics to a finished one.' },
  quiet,
} as const;
