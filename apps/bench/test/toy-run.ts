import { resolvePreprocessing } from '@hybridcam/image';
import { describeRun } from '../src/records/run-description.ts';

/** A run of nothing, as run.json keeps it. */
export const toyRun = describeRun(
  {
    model: { name: 'toy', sha256: null },
    output: null,
    tokens: null,
    preprocessing: resolvePreprocessing({}),
    orientation: 'exif',
    class: 'top1',
    classIndex: null,
    score: 'probability',
    normalize: 'max',
    seed: 0,
  },
  { images: 'scenes:2', methods: ['grad-cam'], layers: ['layer4'], metrics: ['insertion'], shard: null },
  'none',
);
