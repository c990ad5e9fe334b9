import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { generateScene, renderScene } from '@hybridcam/scenes';
import { type LoadedModel, loadModel } from 'hybridcam';
import { expect, onTestFinished, test } from 'vitest';
import { inFolder, runExample } from './in-folder.ts';

const PNG = [0x89, 0x50, 0x4e, 0x47];
const startOf = (bytes: Uint8Array) => [...bytes.subarray(0, 4)];

test('node: prints both classes and writes a picture for each', async () => {
  await inFolder();
  const lines = await runExample('node/explain.mjs', ['model.onnx', 'fish.png', 'labels.txt']);
  expect(lines[0]).toMatch(/^fish: \d+\.\d %$/);
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const file of ['top1.png', 'top2.png']) expect(startOf(readFileSync(file))).toEqual(PNG);
});

test('express: answers a picture with an overlay, and mistakes with their reason', async () => {
  await inFolder();
  const model = await loadModel('model.onnx', { labels: 'labels.txt' });
  const program: { explainServer: (model: LoadedModel) => { listen(port: number, host: string): Server } } =
    await import(path.join(import.meta.dirname, '../express/server.mjs'));
  const server = program.explainServer(model).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await model.dispose();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = (query: string, body: Uint8Array) =>
    fetch(`http://127.0.0.1:${port}/explain${query}`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(body),
    });
  const picture = readFileSync('fish.png');

  const answer = await post('?class=fish', picture);
  expect(answer.headers.get('x-status')).toBe('ok');
  expect(startOf(new Uint8Array(await answer.arrayBuffer()))).toEqual(PNG);

  const unknown = await post('?class=dragon', picture);
  expect(unknown.status).toBe(400);
  expect(await unknown.json()).toMatchObject({ code: 'CLASS_NOT_FOUND' });

  const noPicture = await post('', new TextEncoder().encode('<html>'));
  expect(noPicture.status).toBe(400);
  expect(await noPicture.json()).toMatchObject({ code: 'IMAGE_FORMAT' });
});

test('video: follows the class of the first frame through all whole frames', async () => {
  await inFolder();
  const scene = generateScene({ seed: 7178 });
  const [object] = scene.spec.objects;
  const moved = renderScene({ ...scene.spec, objects: [{ ...object!, x: object!.x + 0.06 }] });
  const clip = [scene, moved].map(({ image }) => Buffer.from(image.data));
  // Cut where no frame ends, and with a piece of a third frame at the end.
  const bytes = Buffer.concat([...clip, clip[0]!.subarray(0, 1000)]);
  const stdin = Readable.from([bytes.subarray(0, 50_000), bytes.subarray(50_000)], { objectMode: false });
  const original = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  onTestFinished(() => {
    Object.defineProperty(process, 'stdin', original);
  });
  const lines = await runExample('video/explain-frames.mjs', ['model.onnx', '96', '96', 'frames']);
  expect(lines).toEqual([
    expect.stringMatching(/^0001\.png: class \d, ok$/),
    expect.stringMatching(/^0002\.png: class \d, /),
  ]);
  expect(lines[1]!.split(',')[0]!.slice(-7)).toBe(lines[0]!.split(',')[0]!.slice(-7));
  expect(readdirSync('frames')).toEqual(['0001.png', '0002.png']);
});
