import { VERSION } from '../version.ts';
import type { CommandContext } from './command.ts';
import { bakeCommand } from './commands/bake.ts';
import { citeCommand } from './commands/cite.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { fetchCommand } from './commands/fetch.ts';
import { layersCommand } from './commands/layers.ts';
import { scenesCommand } from './commands/scenes.ts';
import { type Program, runProgram } from './program.ts';

const hybridcam: Program = {
  name: 'hybridcam',
  version: VERSION,
  summary: 'see where an image classifier found the evidence',
  commands: [
    explainCommand,
    layersCommand,
    doctorCommand,
    bakeCommand,
    scenesCommand,
    fetchCommand,
    citeCommand,
  ],
};

/** `hybridcam`: arguments without `node` and script in, exit code out. */
export function main(args: readonly string[], context?: CommandContext): Promise<number> {
  return runProgram(hybridcam, args, context);
}
