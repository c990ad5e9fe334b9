import type { Command } from '../command.ts';
import { type Diagnosis, diagnose } from '../doctor/diagnose.ts';
import { diagnosisJson, diagnosisText } from '../doctor/diagnosis-text.ts';
import { downloadText } from '../download-text.ts';
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
import { jsonLine } from '../plain-text.ts';
import { createProgress } from '../progress.ts';

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
  json: { help: 'One JSON object on stdout.' },
  quiet: { short: 'q', help: 'No progress.' },
} as const;

export const doctorCommand: Command<typeof FLAGS> = {
  name: 'doctor',
  usage: '[--model] FILE.onnx [flags]',
  summary: 'tell what can be explained of a model, what blocks, what it costs',
  description:
    'Examines a classifier and says in plain words what the file is, which layers and methods work, what stands in the way of the others, and how long an explanation takes on this machine, measured on noise. A file that cannot be explained is described as far as it goes; the exit code is 1 then.',
  flags: FLAGS,
  examples: ['hybridcam doctor resnet50.onnx', 'hybridcam doctor resnet50.onnx --json'],
  async run(flags, positionals, { stdout, stderr, signal }) {
    const file = oneModel('doctor', flags.model, positionals);
    const progress = createProgress(stderr, { quiet: flags.quiet === true });
    progress.show('examining the model');
    let found: Diagnosis;
    try {
      found = await diagnose(file, {
        ...modelOptions(flags),
        signal,
        onProgress: (state) => progress.show(downloadText(state)),
      });
    } finally {
      progress.clear();
    }
    const asked = { model: file, output: flags.output, tokens: flags.tokens };
    stdout.write(flags.json ? `${jsonLine(diagnosisJson(found, asked))}\n` : diagnosisText(found, asked));
    return found.problem === null ? EXIT.done : EXIT.failed;
  },
};
