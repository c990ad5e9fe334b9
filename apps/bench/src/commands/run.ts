import { OptionError } from '@hybridcam/core';
import {
  type Command,
  type CommandContext,
  createProgress,
  EXIT,
  type FlagValues,
} from 'hybridcam/command-kit';
import { submitPlan } from '../queue/submit-plan.ts';
import { readRun } from '../records/run-json.ts';
import { reportText } from '../report/report-text.ts';
import { writeReport } from '../report/write-report.ts';
import { executePlan } from '../run/execute-plan.ts';
import { runFlags } from './run-flags.ts';
import { judgementOf, runPlan } from './run-plan.ts';

export const runCommand: Command<typeof runFlags> = {
  name: 'run',
  usage: '[--images WHAT] [--model FILE] [--method NAME[,…]]',
  summary: 'Evaluate methods on images: records, summary and report in one folder.',
  description:
    'Measures explanations on images and compares them with intervals. Every number is appended as it is made, keyed by what it depends on: an interrupted run goes on with --resume, shards merge with report. Without --model it uses the embedded network on scenes, whose evidence is known.',
  flags: runFlags,
  examples: [
    'hybridcam-bench run --images scenes:200 --metric insertion,deletion,energy',
    'hybridcam-bench run --images photos/ --model model.onnx --alpha 0:1:0.1',
  ],
  run,
};

async function run(
  flags: FlagValues<typeof runFlags>,
  positionals: readonly string[],
  { stdout, stderr, signal }: CommandContext,
): Promise<number> {
  if (positionals.length > 0)
    throw new OptionError(
      `run: expected flags only; received "${positionals[0]}". Images go behind --images.`,
    );
  const plan = runPlan(flags);
  const progress = createProgress(stderr, { quiet: plan.quiet });
  const { description, failed } = plan.queue
    ? await submitPlan(plan, flags, plan.queue, progress, signal)
    : await executePlan(plan, progress, signal);
  progress.show('writing the report');
  const judgement = (await readRun(plan.out))?.judgement ?? judgementOf(plan);
  const report = await writeReport([plan.out], description, judgement, plan.seed);
  progress.clear();
  const lost =
    failed > 0 ? `${failed} ${failed === 1 ? 'image' : 'images'} failed: ${plan.out}/failures.jsonl\n` : '';
  stdout.write(`${reportText(report, plan.seed)}${lost}${plan.out}/report.html\n`);
  return failed > 0 ? EXIT.failed : EXIT.done;
}
