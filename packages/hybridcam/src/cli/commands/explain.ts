import { join } from 'node:path';
import { CamError } from '@hybridcam/core';
import { assertWritableFolder } from '../../assert-writable-folder.ts';
import type { ImageExplanation } from '../../image-explanation.ts';
import { loadModel } from '../../load-model.ts';
import { picture } from '../../picture.ts';
import { collectImages } from '../collect-images.ts';
import type { Command, CommandContext } from '../command.ts';
import { downloadText } from '../download-text.ts';
import { EXIT, errorFacts, errorText } from '../exit-code.ts';
import { costLines } from '../explain/cost-text.ts';
import { explainFile } from '../explain/explain-file.ts';
import { explainFlags } from '../explain/explain-flags.ts';
import { type ExplainPlan, explainPlan } from '../explain/explain-plan.ts';
import { jsonReport, type Timing } from '../explain/json-report.ts';
import { planRequests } from '../explain/plan-requests.ts';
import { saveExplanations, type WrittenFiles } from '../explain/save-explanations.ts';
import { createSheetCollector } from '../explain/sheet-collector.ts';
import { summaryText } from '../explain/summary-text.ts';
import { createOutputNames } from '../output-names.ts';
import { jsonLine, plainText } from '../plain-text.ts';
import { createProgress } from '../progress.ts';
import { wrap } from '../text-layout.ts';

export const explainCommand: Command<typeof explainFlags> = {
  name: 'explain',
  usage: 'IMAGE|DIR... [--model FILE.onnx] [flags]',
  summary: 'show where in photographs a classifier found the evidence',
  description:
    'Classifies each image and draws where the evidence for a class lies, by default with Hybrid Grad-LayerCAM for the predicted class. A folder stands for the JPEG, PNG and WebP files in it.',
  flags: explainFlags,
  examples: [
    'hybridcam explain cat.jpg --model resnet50.onnx --labels imagenet.txt',
    'hybridcam explain photos/ --model model.onnx --alpha 0,0.5,1 --save sheet',
    'hybridcam explain cat.jpg --model model.onnx --class top3 --json > cat.jsonl',
  ],
  run: async (flags, positionals, context) => explainImages(explainPlan(flags, positionals), context),
};

/** Comes with the package: the command works before its user has a model at hand. */
const DEFAULT_MODEL = 'scenes';

async function explainImages(plan: ExplainPlan, context: CommandContext): Promise<number> {
  const { stderr, signal } = context;
  const progress = createProgress(stderr, { quiet: plan.quiet });
  if (plan.save.size > 0) await assertWritableFolder(plan.out);
  progress.show('loading the model');
  const model = await loadModel(plan.model ?? DEFAULT_MODEL, {
    ...plan,
    signal,
    onProgress: (state) => progress.show(downloadText(state)),
  });
  if (plan.model === undefined && !plan.quiet && !plan.json) {
    progress.clear();
    const classes = model.labels?.join(', ');
    stderr.write(
      `${wrap(`The model is scenes, which knows drawn pictures of ${classes}. For photographs name your own with --model.`, 80)}\n`,
    );
  }
  try {
    const requests = planRequests(plan, model);
    if (!plan.quiet) {
      for (const line of costLines(model, requests)) {
        progress.clear();
        stderr.write(`${line}\n`);
      }
    }
    const sheets = plan.save.has('sheet') ? createSheetCollector(plan, model.labels) : undefined;
    const names = createOutputNames();
    const entries = (await collectImages(plan.paths, signal)).slice(0, plan.limit);
    let failed = 0;
    let warned = plan.quiet || !plan.colormap?.diverging;
    for (const [done, entry] of entries.entries()) {
      const title = `explaining ${done + 1}/${entries.length}`;
      progress.show(`${title} ${entry.path}`);
      try {
        if (entry.error !== undefined) throw entry.error;
        const {
          explanations,
          requests: met,
          leftOut,
          timing,
        } = await explainFile(model, entry.path, requests, {
          ...plan,
          signal,
          onEvaluations: (evaluated, total) => {
            if (evaluated >= total || !stderr.isTTY) return;
            // The path last: a narrow terminal cuts off the end of the line.
            progress.show(`${title}, ${evaluated} of ${total} passes: ${entry.path}`);
          },
        });
        const saved = await saveExplanations(explanations, met, names.image(entry.path), names, plan);
        for (const [position, explanation] of explanations.entries()) {
          sheets?.add(entry.path, explanation, met[position]!);
        }
        progress.clear();
        for (const why of leftOut) stderr.write(`warning: ${plainText(entry.path)}: ${why}\n`);
        if (!warned && explanations.every(({ range }) => range.min >= 0)) {
          warned = true;
          stderr.write(
            'warning: --colormap diverging: the maps have no negative values, so that only half of its colours appear. Take inferno.\n',
          );
        }
        printResult(entry.path, explanations, saved, timing, model.labels, plan, context);
      } catch (error) {
        progress.clear();
        if (error instanceof CamError && error.code === 'ABORTED') throw error;
        failed++;
        printFailure(entry.path, error, plan, context);
      }
    }
    for (const { name, image } of sheets?.finish() ?? []) {
      const path = join(plan.out, `${name}.png`);
      await picture(image).save(path);
      if (!plan.json && !plan.quiet) context.stdout.write(`${plainText(path)}\n`);
    }
    if (entries.length > 1 && !plan.json && !plan.quiet) {
      context.stdout.write(`${entries.length - failed} of ${entries.length} images explained\n`);
    }
    return failed === 0 ? EXIT.done : EXIT.failed;
  } finally {
    progress.clear();
    await model.dispose();
  }
}

function printResult(
  file: string,
  explanations: readonly ImageExplanation[],
  saved: readonly WrittenFiles[],
  timing: Timing,
  labels: readonly string[] | undefined,
  plan: ExplainPlan,
  { stdout }: CommandContext,
): void {
  if (plan.json) {
    for (const [position, explanation] of explanations.entries()) {
      const camPath = saved[position]!.get('cam.npy');
      stdout.write(`${jsonLine(jsonReport(file, explanation, labels, camPath, timing))}\n`);
    }
  } else if (!plan.quiet) {
    const written = saved.flatMap((files) => [...files.values()]);
    stdout.write(summaryText(file, explanations, labels, timing, written));
  }
}

function printFailure(
  file: string,
  error: unknown,
  plan: ExplainPlan,
  { stdout, stderr }: CommandContext,
): void {
  if (plan.json) stdout.write(`${jsonLine({ file, error: errorFacts(error) })}\n`);
  else stderr.write(errorText(error, process.env['HYBRIDCAM_DEBUG'] === '1'));
}
