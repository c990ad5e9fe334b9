import { OptionError } from '@hybridcam/core';
import {
  type Command,
  type CommandContext,
  createProgress,
  EXIT,
  type FlagValues,
} from 'hybridcam/command-kit';
import { claimsText } from '../claims/claims-table.ts';
import { timeMethods } from '../claims/time-methods.ts';
import type { MethodTimes } from '../records/judgement.ts';
import { noteJudgement } from '../records/run-json.ts';
import { writeReport } from '../report/write-report.ts';
import { executePlan } from '../run/execute-plan.ts';
import { runFlags } from './run-flags.ts';
import { runPlan } from './run-plan.ts';

const {
  method: _method,
  alpha: _alpha,
  metric: _metric,
  holdout: _holdout,
  reference: _reference,
  // Times are of one machine: workers would bring their own.
  queue: _queue,
  'queue-prefix': _prefix,
  serve: _serve,
  source: _source,
  'shard-size': _shardSize,
  ...kept
} = runFlags;
const reproduceFlags = kept;

/** Images whose explanations are timed; a median of more is no steadier. */
const TIMED_IMAGES = 30;

export const reproduceCommand: Command<typeof reproduceFlags> = {
  name: 'reproduce',
  usage: 'notebook [--images WHAT] [--model FILE]',
  summary: "The reference notebook's claims, each tested on your images.",
  description:
    'Runs Grad-CAM, LayerCAM and the hybrid over α = 0, .3, .5, .7, 1 by insertion AUC, and judges every sentence of the notebook that asserts something: holds, fails, or undecided and how many images would decide.',
  flags: reproduceFlags,
  examples: [
    'hybridcam-bench reproduce notebook',
    'hybridcam-bench reproduce notebook --images photos/ --model model.onnx',
  ],
  run: reproduce,
};

async function reproduce(
  flags: FlagValues<typeof reproduceFlags>,
  positionals: readonly string[],
  { stdout, stderr, signal }: CommandContext,
): Promise<number> {
  if (positionals.length !== 1 || positionals[0] !== 'notebook') {
    throw new OptionError(
      `reproduce: expected what to reproduce: notebook; received ${positionals.join(' ') || 'nothing'}.`,
    );
  }
  const plan = runPlan({
    ...flags,
    // The oracle is made of a mask; a box in a manifest is none.
    method: `grad-cam,layer-cam,hybrid,random,centre${/^scenes(:|$)/.test(flags.images ?? 'scenes') ? ',oracle' : ''}`,
    alpha: '0,0.3,0.5,0.7,1',
    metric: 'insertion,boundary-f-score,entropy,sparseness',
  });
  const progress = createProgress(stderr, { quiet: plan.quiet });
  let notebook: MethodTimes = { gradCam: [], layerCam: [], hybrid: [] };
  const { description, failed } = await executePlan(plan, progress, signal, async (model, items, layers) => {
    progress.show('timing explanations');
    notebook = await timeMethods(model, items.slice(0, TIMED_IMAGES), { layer: layers[0], signal });
  });
  await noteJudgement(plan.out, { notebook });
  progress.show('writing the report');
  const { claims } = await writeReport([plan.out], description, { notebook }, plan.seed);
  progress.clear();
  const lost =
    failed > 0 ? `${failed} ${failed === 1 ? 'image' : 'images'} failed: ${plan.out}/failures.jsonl\n` : '';
  stdout.write(`${claimsText(claims)}\n${lost}${plan.out}/report.html\n`);
  return failed > 0 ? EXIT.failed : EXIT.done;
}
