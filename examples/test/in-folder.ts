import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateScene, sceneClasses } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { onTestFinished } from 'vitest';

/**
 * A folder of its own for a test, and the working directory while it runs, with what the examples ask for: `model.onnx` (the small
 * network that comes along), `labels.txt`, and `fish.png`, which the network knows.
 */
export async function inFolder(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-example-'));
  const before = process.cwd();
  writeFileSync(path.join(folder, 'model.onnx'), await scenesOnnxModel());
  writeFileSync(path.join(folder, 'labels.txt'), sceneClasses.join('\n'));
  writeFileSync(path.join(folder, 'fish.png'), encodePng(generateScene({ seed: 7178, size: 224 }).image));
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Runs a program of this folder in this process, where it reads our packages from source; returns the lines it prints. */
export async function runExample(file: string, args: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const [{ log }, { argv }] = [console, process];
  console.log = (...values: unknown[]) => lines.push(values.map(String).join(' '));
  process.argv = [argv[0]!, file, ...args];
  try {
    await import(/* @vite-ignore */ path.join(import.meta.dirname, '..', file));
  } finally {
    console.log = log;
    process.argv = argv;
  }
  return lines;
}
