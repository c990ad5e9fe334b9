import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateScene } from '@hybridcam/scenes';
import { CamError, crossLayerHybrid, explain, gradCam, hybrid, loadModel, view } from 'hybridcam';
import { expect, test, vi } from 'vitest';
import { inFolder } from '../../../examples/test/in-folder.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/troubleshooting.md'), 'utf8');
/** The error texts of the page as patterns: … stands for anything. */
const texts = [...page.matchAll(/^```text\n(.+)\n```$/gm)].map(([, text]) => text!);
const matches = (text: string, message: string): boolean =>
  new RegExp(`^${text.split('…').map(literally).join('[\\s\\S]*')}$`).test(message);
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The header of a PNG of 2^14 × 2^14 pixels, and nothing more. */
const HUGE_PNG = Uint8Array.of(
  ...[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  ...[0, 0, 0x40, 0, 0, 0, 0x40, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0],
);
const image = generateScene({ seed: 7178 }).image;
const scenes = () => loadModel('model.onnx', { labels: 'labels.txt' });
const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(name, bytes);
  return name;
};

/** The model.json of a Keras network with that layer. */
const keras = (layer: object): string =>
  write(
    'model.json',
    ascii(
      JSON.stringify({
        modelTopology: {
          keras_version: '3.15.1',
          model_config: { class_name: 'Sequential', config: { name: 'network', layers: [layer] } },
        },
        weightsManifest: [],
      }),
    ),
  );

const mistakes: Record<string, () => Promise<unknown>> = {
  'a Git LFS pointer': () => loadModel(ascii('version https://git-lfs.github.com/spec/v1\noid sha256:00\n')),
  'a web page as the model': () => loadModel(ascii('<!DOCTYPE html><html></html>')),
  'half a model': async () => loadModel(readFileSync('model.onnx').subarray(0, 100_000)),
  'a checkpoint as the model': () => loadModel(ascii('PK\x03\x04 archive/data.pkl')),
  'a misspelt name': () => loadModel('resnet5'),
  'an option that TensorFlow.js lacks': () =>
    loadModel(keras({ class_name: 'ReLU', config: { name: 'relu', negative_slope: 0.2 } })),
  'a number in a network of Keras 3': () =>
    loadModel(
      keras({
        class_name: 'Multiply',
        name: 'multiply',
        config: { name: 'multiply' },
        inbound_nodes: [{ args: [0.5], kwargs: {} }],
      }),
    ),
  'a layer that TensorFlow.js lacks': () =>
    loadModel(keras({ class_name: 'MyLayer', config: { name: 'mine' } })),
  'a checkpoint that is nowhere': () => {
    for (const name of ['HYBRIDCAM_CACHE', 'TORCH_HOME', 'HF_HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, '.');
    return loadModel('resnet50', { offline: true });
  },
  'a background class': async () =>
    loadModel('model.onnx', { labels: ['background', ...readFileSync('labels.txt', 'utf8').split('\n')] }),
  'a web page as the picture': async () => explain(await scenes(), write('page.jpg', ascii('<html>'))),
  'a HEIC photograph': async () =>
    explain(await scenes(), write('cat.heic', Uint8Array.of(0, 0, 0, 0x18, ...ascii('ftypheic')))),
  'a huge picture': async () => explain(await scenes(), write('big.png', HUGE_PNG)),
  'another input size': async () =>
    explain(
      await loadModel('model.onnx', { preprocessing: { resize: { size: 256 }, crop: { size: 224 } } }),
      image,
    ),
  'a layer that is not there': async () => explain(await scenes(), image, { targetLayer: 'layer9' }),
  'a misspelt class': async () => explain(await scenes(), image, { classIndex: 'fihs' }),
  'a misspelt method': async () => explain(await scenes(), image, { method: 'gradcam' as 'grad-cam' }),
  'an alpha of 7': async () => explain(await scenes(), image, { method: hybrid({ alpha: 7 }) }),
  'one layer for two': async () =>
    explain(await scenes(), image, { method: crossLayerHybrid(), targetLayer: 'last' }),
  'not a number': async () =>
    gradCam(
      view(Float32Array.of(1, Number.NaN, 1, 1), [1, 2, 2]),
      view(new Float32Array(4).fill(1), [1, 2, 2]),
    ),
};

const met = new Set<string>();

test.each(Object.entries(mistakes))('%s: the page has the message', async (_, mistake) => {
  await inFolder();
  const error = await mistake().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  vi.unstubAllEnvs();
  expect(error).toBeInstanceOf(CamError);
  const { message } = error as CamError;
  const text = texts.find((candidate) => matches(candidate, message));
  expect(text, `the page lacks: ${message}`).toBeDefined();
  met.add(text!);
});

test('every message of the page happened above', () => {
  expect(texts.filter((text) => !met.has(text))).toEqual([]);
});
