import { createRequire } from 'node:module';

/** This package's version, for `--version` and records. */
export const VERSION: string = packageVersion();

function packageVersion(): string {
  const facts = createRequire(import.meta.url)('../package.json') as { version: string };
  return facts.version;
}
