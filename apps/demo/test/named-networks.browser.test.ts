import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { explain, hybrid, pack } from '@hybridcam/core';
import { preprocess, presets } from '@hybridcam/image';
import { createOnnxModel } from '@hybridcam/onnx';
import { exampleScenes, generateScene } from '@hybridcam/scenes';
import { computedParameter, expectClose } from '@hybridcam/test-utils';
import { type Parameter, parameterShapes, zooEntry } from '@hybridcam/zoo';
import { buildOnnx } from '@hybridcam/zoo/onnx';
import * as ort from 'onnxruntime-node';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { builtFolder, ensureBuilt } from './built-page.ts';
import {
  downloaded,
  hasChromium,
  live,
  npyValues,
  type OpenPage,
  openPage,
  openSite,
  reads,
  type Site,
} from './open-page.ts';

const name = 'mobilenet_v2';
const network = zooEntry(name).network();
/** The digits of the hash that are recorded; the file's name and address hold them too. */
const recorded = zooEntry(name).checkpoint.sha256;

/**
 * The weights of the hub are not at hand, and any others have another hash. So a copy of the built page records, in the place of the
 * published file's hash, that of a stand-in with weights of our own, and requests to the hub are answered with it. All else is as built.
 */
describe.skipIf(!hasChromium)('named networks (skipped where there is no Chromium)', () => {
  const parameters = new Map<string, Parameter>(
    [...parameterShapes(network)].map(([key, shape]) => [
      key,
      { shape, data: computedParameter(key, shape) },
    ]),
  );
  const checkpoint = safetensors(parameters);
  const prefix = createHash('sha256').update(checkpoint).digest('hex').slice(0, recorded.length);
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-hub-'));
  let site: Site;

  beforeAll(async () => {
    await ensureBuilt();
    cpSync(builtFolder, folder, { recursive: true });
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const at = path.join(folder, file);
      if (/\.(br|gz)$/.test(file)) rmSync(at);
      else if (/\.js$/.test(file)) writeFileSync(at, readFileSync(at, 'utf8').replaceAll(recorded, prefix));
    }
    site = await openSite({ folder });
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  /** A page whose requests to the hub are answered by `answer`; all of them are counted. */
  const open = async (
    answer: (route: Route) => Promise<void>,
    hash = '',
  ): Promise<OpenPage & { asked: string[] }> => {
    const opened = await openPage(site, { hash });
    onTestFinished(() => opened.page.context().close());
    const asked: string[] = [];
    await opened.page.route('https://download.pytorch.org/**', (route) => {
      asked.push(route.request().url());
      return answer(route);
    });
    await live(opened.page);
    return { ...opened, asked };
  };
  const serveFile = (body: Buffer) => (route: Route) =>
    route.fulfill({
      body,
      headers: { 'access-control-allow-origin': '*', 'content-type': 'application/octet-stream' },
    });
  const choose = async (page: Page): Promise<void> => {
    await page.click('.named summary');
    await page.selectOption('#zoo-name', name);
  };

  test('nothing is asked of the hub before the visitor does, and what it weighs and where it is from is said', async () => {
    const { page, asked, complaints } = await open(serveFile(checkpoint));
    await page.click('.named summary');
    await reads(
      page,
      '#zoo-status',
      /resnet50-0676ba61\.pth from download\.pytorch\.org \(103 MB, BSD-3-Clause\)/,
    );
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('is downloaded, verified, kept, used as explain would, and removed', async () => {
    const { page, asked, complaints } = await open(serveFile(checkpoint));
    await choose(page);
    await page.click('#zoo-use');
    await reads(page, '.network-name', name);
    await live(page);
    expect(asked).toEqual([`https://download.pytorch.org/models/mobilenet_v2-${prefix}.pth`]);

    const model = await createOnnxModel(buildOnnx(name, parameters), { ort: ort as never, name });
    const { input } = preprocess(generateScene(exampleScenes[0]!.options).image, presets.torchvision);
    const { saliencyMap, record } = await explain(model, input, { method: hybrid({ alpha: 0.7 }) });
    const shown = JSON.parse((await downloaded(page, '#save-record')).toString());
    expect(shown.class.label).toBe(zooEntry(name).classes[shown.class.index]);
    expect(shown.targetLayers).toEqual(record.targetLayers);
    expectClose(npyValues(await downloaded(page, '#save-npy')), pack(saliencyMap), { absolute: 1e-4 });
    await model.dispose();

    // Another visit to the link finds it, and asks nobody.
    await page.reload();
    await live(page);
    expect(await page.textContent('.network-name')).toBe(name);
    expect(asked.length).toBe(1);

    await choose(page);
    await reads(page, '#zoo-status', /14 MB are kept in this browser\./);
    await page.click('#zoo-remove');
    await reads(page, '#zoo-status', /checked by its SHA-256/);
    await page.reload();
    await live(page);
    await reads(page, '#notice', /mobilenet_v2 is not kept in this browser/);
    expect(await page.textContent('.network-name')).toBe('Scenes, a small ResNet');
    expect(asked.length).toBe(1);
    expect(
      complaints.filter((text) => !text.startsWith('third party: https://download.pytorch.org/')),
    ).toEqual([]);
  });

  test('a download can be cancelled, and the page goes on meanwhile', async () => {
    const { page } = await open(() => new Promise(() => undefined));
    await choose(page);
    await page.click('#zoo-use');
    await reads(page, '#zoo-use', 'Cancel');
    await page.click('#classes .bar >> nth=1');
    await live(page);
    await page.click('#zoo-use');
    await reads(page, '#zoo-use', 'Download');
    expect(await page.isHidden('#notice')).toBe(true);
  });

  test('a file with another hash is refused, with both hashes, and not kept', async () => {
    const { page } = await open(serveFile(checkpoint.map((byte) => byte ^ 1) as Buffer));
    await choose(page);
    await page.click('#zoo-use');
    await reads(page, '#notice', new RegExp(`expected mobilenet_v2-${prefix}\\.pth with sha256`));
    await reads(page, '#zoo-use', 'Download');
    expect(await page.textContent('.network-name')).toBe('Scenes, a small ResNet');
  });

  test('a hub that lets no page read it is said to, and the file can be opened instead', async () => {
    const { page } = await open((route) =>
      route.fulfill({
        body: checkpoint,
        headers: { 'access-control-allow-origin': 'https://elsewhere.example' },
      }),
    );
    await choose(page);
    await page.click('#zoo-use');
    await reads(page, '#notice', /expected mobilenet_v2-.+ from https:\/\/download\.pytorch\.org/);
    expect(await page.textContent('#zoo-status')).toContain('open the file yourself');
    await page.setInputFiles('#model-file', {
      name: `mobilenet_v2-${prefix}.pth`,
      mimeType: 'application/octet-stream',
      buffer: checkpoint,
    });
    await reads(page, '.network-name', name);
    await live(page);
    expect(await page.isHidden('#notice')).toBe(true);
  });
});

/** The safetensors format: length of the header, header, values. */
function safetensors(parameters: ReadonlyMap<string, Parameter>): Buffer {
  const header: Record<string, object> = {};
  let end = 0;
  for (const [key, { shape, data }] of parameters) {
    header[key] = { dtype: 'F32', shape, data_offsets: [end, end + 4 * data.length] };
    end += 4 * data.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const values = [...parameters.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return Buffer.concat([length, text, ...values]);
}
