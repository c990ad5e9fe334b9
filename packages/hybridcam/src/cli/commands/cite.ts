import { methodNames, methods } from '@hybridcam/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceValue } from '../flag-values.ts';
import { furtherPapers } from '../further-papers.ts';

const FLAGS = {} as const;

const bibtexOf: Readonly<Record<string, string>> = {
  ...Object.fromEntries(methodNames.map((name) => [name, methods[name].bibtex])),
  ...furtherPapers,
  // As `--target` calls what the papers call otherwise. (The other targets are plain numbers, without a paper of their own.)
  finer: furtherPapers['finer-cam'],
  rest: methods['shapley-cam'].bibtex,
  counterfactual: methods['grad-cam'].bibtex,
};

export const citeCommand: Command<typeof FLAGS> = {
  name: 'cite',
  usage: '[METHOD…]',
  summary: 'print the BibTeX of the papers behind a method',
  description:
    'Prints the BibTeX entries of the methods and targets named, each paper once, for your bibliography. Without a name those of Grad-CAM and LayerCAM, the two methods that Hybrid Grad-LayerCAM joins.',
  flags: FLAGS,
  examples: ['hybridcam cite >> paper.bib', 'hybridcam cite score-cam finer-cam'],
  async run(_flags, positionals, { stdout, stderr }) {
    const wanted = positionals.length > 0 ? positionals : ['hybrid'];
    const names = wanted.map((text) => choiceValue('cite METHOD', text, Object.keys(bibtexOf)));
    const entries = new Set<string>();
    for (const name of names) {
      const bibtex = bibtexOf[name]!;
      // The hybrids have two papers, others share one.
      for (const entry of bibtex.split('\n\n')) if (entry !== '') entries.add(entry);
      if (bibtex === '') stderr.write(`${name} has no publication.\n`);
    }
    if (entries.size > 0) stdout.write(`${[...entries].join('\n\n')}\n`);
    return EXIT.done;
  },
};
