import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import { loadScenesNetwork } from '@hybridcam/scenes';
import { layersModel } from '@hybridcam/zoo/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inFolder } from '../../../examples/test/in-folder.ts';
import { runCommand } from '../../../packages/hybridcam/test/run-command.ts';

const docs = path.join(import.meta.dirname, '../../../docs');
const pages = [
  'start/node',
  'guide/onnx-model',
  'guide/keras-tfjs',
  'guide/layer-and-method',
  'guide/reading-a-map',
  'guide/is-it-true',
  'guide/targets',
  'methods/finer-cam',
  'methods/refine-cam',
  'methods/full-grad',
  'methods/le-grad',
  'methods/attention-rollout',
  'methods/random-map',
  'methods/centred-map',
];

const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!);

/** The folder that the pages speak of: a model, its labels, a picture, and the model again for TensorFlow.js. */
async function userFolder(): Promise<void> {
  const folder = await inFolder();
  writeFileSync(path.join(folder, 'cat.jpg'), readFileSync(path.join(folder, 'fish.png')));
  await tf.setBackend('cpu');
  const network = await loadScenesNetwork();
  const model = layersModel(network, network.parameters);
  const web = path.join(folder, 'web-model');
  mkdirSync(web);
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      writeFileSync(path.join(web, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      writeFileSync(path.join(web, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
}

/** Runs a block where its imports resolve, and returns what each console.log printed. */
async function run(code: string, name: string): Promise<string[]> {
  const folder = path.join(import.meta.dirname, '.readme');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.ts`);
  writeFileSync(file, `${code}\nexport {};\n`);
  const printed: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => printed.push(values.map(String).join(' '));
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    console.log = log;
    rmSync(file);
  }
  return printed;
}

/** What the comments behind console.log say it prints. Words in them that are no output are not written this way. */
const promised = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\);(?: \/\/ (.+))?$/gm)].map(([, comment]) => comment ?? '');

describe.each(pages)('%s', (name) => {
  const page = readFileSync(path.join(docs, `${name}.md`), 'utf8');

  test('its code runs and prints what it says', async () => {
    await userFolder();
    onTestFinished(() => tf.disposeVariables());
    for (const [i, code] of blocks(page, 'ts').entries()) {
      const printed = await run(code, `${name.replace('/', '-')}-${i}`);
      const expected = promised(code);
      expect(printed).toHaveLength(expected.length);
      for (const [line, text] of expected.entries()) {
        if (!text.startsWith('the ')) expect(printed[line]).toBe(text);
      }
    }
  });

  const commands = blocks(page, 'sh')
    .flatMap((code) => code.split('\n'))
    .filter((line) => line.startsWith('npx hybridcam '));
  if (commands.length === 0) return;
  test('its commands work', async () => {
    await userFolder();
    for (const command of commands) {
      const { code, stderr } = await runCommand(command.split(/\s+/).slice(2));
      expect(code, `${command}\n${stderr}`).toBe(0);
    }
  });
});
