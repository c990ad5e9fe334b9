import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Runs the first `ts` block of the README beside a package's `test` folder and returns what it printed, so that the README
 * itself is the tested code. The block is written to a git-ignored file inside the package, where its imports resolve as a user's would.
 * @param testUrl `import.meta.url` of the test
 */
export async function runReadme(testUrl: string): Promise<string[]> {
  const folder = path.dirname(fileURLToPath(testUrl));
  const readme = readFileSync(path.join(folder, '..', 'README.md'), 'utf8');
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  if (!block) throw new Error(`runReadme: no ts block in ${path.basename(path.dirname(folder))}/README.md.`);
  const scratch = path.join(folder, '.readme');
  mkdirSync(scratch, { recursive: true });
  const file = path.join(scratch, 'snippet.ts');
  writeFileSync(file, `${block}\nexport {};\n`);
  const printed: string[] = [];
  const original = console.log;
  console.log = (...values: unknown[]) => {
    printed.push(values.map(String).join(' '));
  };
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    console.log = original;
  }
  return printed;
}
