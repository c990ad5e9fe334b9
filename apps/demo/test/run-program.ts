import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Explanation } from '@hybridcam/core';

/** Runs a program that the page hands out, as it is, with nothing beside it, and returns its explanation. */
export async function runProgram(text: string): Promise<Explanation> {
  const folder = path.join(import.meta.dirname, '.readme', `program-${process.pid}-${programs++}`);
  mkdirSync(folder, { recursive: true });
  try {
    const file = path.join(folder, 'program.ts');
    writeFileSync(file, `${text}export { saliencyMap, scores, record };\n`);
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Explanation;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let programs = 0;
