// The parts of the command line that other command lines of the toolkit (the bench) share: the same flags mean the same there.

export { parseClassChoice } from './class-choice.ts';
export { collectImages, type ImageEntry } from './cli/collect-images.ts';
export type { Command, CommandContext, CommandFacts } from './cli/command.ts';
export { EXIT, errorFacts } from './cli/exit-code.ts';
export { explainFlags } from './cli/explain/explain-flags.ts';
export { methodCalls } from './cli/explain/method-calls.ts';
export { type PreprocessingFlags, preprocessingOf } from './cli/explain/preprocessing-of.ts';
export { channelValues, choiceValue, countValue, listValue, numberValue } from './cli/flag-values.ts';
export type { Flag, FlagTable, FlagValues, ValueFlag } from './cli/flags.ts';
export { type ModelOptions, modelOptions } from './cli/model-flags.ts';
export { plainText } from './cli/plain-text.ts';
export { type Program, runProgram } from './cli/program.ts';
export { createProgress, type Progress } from './cli/progress.ts';
export { wrap } from './cli/text-layout.ts';
export { parseLabels } from './labels.ts';
export { makeFolder } from './make-folder.ts';
export { modelFile } from './model-file.ts';
export { readBytes } from './read-bytes.ts';
export { readExternalFiles } from './read-external-files.ts';
export { startTfjsDevice, type TfjsDevice, tfjsDevices } from './start-tfjs-device.ts';
export { writeWholeFile } from './write-whole-file.ts';
