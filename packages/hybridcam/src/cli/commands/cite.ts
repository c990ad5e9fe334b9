import { methods, OptionError } from '@hybridcam/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const FLAGS = {} as const;

export const citeCommand: Command<typeof FLAGS> = {
  name: 'cite',
  usage: '',
  summary: 'print the BibTeX of the papers behind the method',
  description:
    'Prints BibTeX entries of Grad-CAM and LayerCAM, the two methods that Hybrid Grad-LayerCAM joins, for your bibliography.',
  flags: FLAGS,
  examples: ['hybridcam cite >> paper.bib'],
  async run(_flags, positionals, { stdout }) {
    if (positionals.length > 0)
      throw new OptionError(`cite: expected no arguments; received "${positionals[0]}".`);
    stdout.write(`${methods.hybrid.bibtex}\n`);
    return EXIT.done;
  },
};
