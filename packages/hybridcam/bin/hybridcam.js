#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Compiled code only: a published package always has it, a fresh clone gets it from `pnpm build`.
const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  const { main: run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  process.stderr.write(
    'hybridcam: expected compiled code in dist; found none. Run `pnpm install && pnpm build` first.\n',
  );
  process.exitCode = 1;
}
