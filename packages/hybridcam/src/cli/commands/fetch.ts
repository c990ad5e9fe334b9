import { OptionError } from '@hybridcam/core';
import type { Command, CommandContext } from '../command.ts';
import { downloadText } from '../download-text.ts';
import { EXIT } from '../exit-code.ts';
import type { FlagValues } from '../flags.ts';
import { plainText } from '../plain-text.ts';
import { createProgress } from '../progress.ts';
import { wrap } from '../text-layout.ts';

const FLAGS = {
  list: { help: 'Show the models known by name: file, size, licence, address.' },
  offline: { help: 'Look into the caches only; an error says which file to put where.' },
  quiet: { short: 'q', help: 'No progress.' },
} as const;

export const fetchCommand: Command<typeof FLAGS> = {
  name: 'fetch',
  usage: 'NAME [flags]',
  summary: 'fetch the published checkpoint of a model known by name',
  description:
    'Fetches a checkpoint from its publisher, checks its hash, and prints where it lies. Files in the caches of PyTorch and Hugging Face are used where they are. HYBRIDCAM_CACHE names our cache, HYBRIDCAM_MIRROR an address to fetch from instead, HTTPS_PROXY a proxy.',
  flags: FLAGS,
  examples: ['hybridcam fetch resnet50', 'hybridcam fetch --list'],
  run: fetchModel,
};

async function fetchModel(
  flags: FlagValues<typeof FLAGS>,
  positionals: readonly string[],
  { stdout, stderr, signal }: CommandContext,
): Promise<number> {
  if (flags.list) {
    if (positionals.length > 0) {
      throw new OptionError(`fetch: expected no name with --list; received "${positionals[0]}".`);
    }
    stdout.write(await listText());
    return EXIT.done;
  }
  if (positionals.length !== 1) {
    throw new OptionError(
      `fetch: expected one name; received ${positionals.length === 0 ? 'none' : positionals.join(', ')}. See hybridcam fetch --list.`,
    );
  }
  const { fetchCheckpoint } = await import('@hybridcam/zoo/node');
  const progress = createProgress(stderr, { quiet: flags.quiet === true });
  try {
    const { path } = await fetchCheckpoint(positionals[0]!, {
      signal,
      ...(flags.offline ? { offline: true } : {}),
      onProgress: (state) => progress.show(downloadText(state)),
    });
    progress.clear();
    stdout.write(`${plainText(path)}\n`);
    return EXIT.done;
  } finally {
    progress.clear();
  }
}

async function listText(): Promise<string> {
  const { zoo } = await import('@hybridcam/zoo');
  const entries = Object.values(zoo).map(({ name, title, checkpoint, paper }) => {
    const { url, bytes, license, terms } = checkpoint;
    const size = bytes === undefined ? '' : `, ${(bytes / 1e6).toFixed(0)} MB`;
    const lines = [title, `${url}${size}`, paper, `${license}. ${terms}`];
    return `${name}\n${lines.map((line) => `  ${wrap(line, 78, '  ')}`).join('\n')}\n`;
  });
  return entries.join('\n');
}
