import { performance } from 'node:perf_hooks';
import { explain, hybrid, OptionError } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import type { LoadedModel } from 'hybridcam';
import {
  type Command,
  type CommandContext,
  createProgress,
  EXIT,
  type FlagValues,
} from 'hybridcam/command-kit';
import { type ClaimTimes, notebookClaims } from '../claims/claims.ts';
import { claimsSection, claimsText } from '../claims/claims-table.ts';
import { writeReport } from '../report/write-report.ts';
import { executePlan } from '../run/execute-plan.ts';
import type { PendingItem } from '../run/items-of-plan.ts';
import { runFlags } from './run-flags.ts';
import { runPlan } from './run-plan.ts';

const {
  method: _method,
  alpha: _alpha,
  metric: _metric,
  holdout: _holdout,
  reference: _reference,
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
    method: 'grad-cam,layer-cam,hybrid,random,centre',
    alpha: '0,0.3,0.5,0.7,1',
    metric: 'insertion,boundary-f-score,entropy,sparseness',
  });
  const progress = createProgress(stderr, { quiet: plan.quiet });
  let times: ClaimTimes = { gradCam: [], layerCam: [], hybrid: [] };
  const { description, failed } = await executePlan(plan, progress, signal, async (model, items) => {
    progress.show('timing explanations');
    times = await timeMethods(model, items.slice(0, TIMED_IMAGES), signal);
  });
  progress.show('writing the report');
  const { records } = await writeReport([plan.out], description, {
    seed: plan.seed,
    title: "The notebook's claims, tested",
    lead: (reported) => claimsSection(notebookClaims(reported, times, plan.seed)),
  });
  progress.clear();
  stdout.write(`${claimsText(notebookClaims(records, times, plan.seed))}\n${plan.out}/report.html\n`);
  return failed > 0 ? EXIT.failed : EXIT.done;
}

/** Each image by each method, one after the other, twice; the second time counts. */
async function timeMethods(
  model: LoadedModel,
  items: readonly PendingItem[],
  signal: AbortSignal,
): Promise<ClaimTimes> {
  const times = { gradCam: [] as number[], layerCam: [] as number[], hybrid: [] as number[] };
  for (const pending of items) {
    const decoded = await (await pending.open(signal)).decode().catch(() => undefined);
    if (!decoded) continue;
    const { input } = preprocess(decoded.image, model.preprocessing);
    for (let round = 0; round < 2; round++) {
      for (const [name, method] of [
        ['gradCam', 'grad-cam'],
        ['layerCam', 'layer-cam'],
        ['hybrid', hybrid({ alpha: 0.7 })],
      ] as const) {
        const started = performance.now();
        await explain(model, input, { method, signal });
        if (round === 1) times[name].push(performance.now() - started);
      }
    }
  }
  return times;
}
