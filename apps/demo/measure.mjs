// How fast the built page is, in headless Chromium on this machine: `node measure.mjs [--runs N] [--mbit N] [--model FILE.onnx]`. Prints
// medians with their range; --mbit limits the network of the cold loads. Build first. Sliding is measured on the sample network, with
// outlines, and on a model of 224 pixels: --model, else ../shared's MobileNetV2 where it is.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { serve } from './serve.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const text = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const runs = option('runs', 5);
const megabits = option('mbit', 0);
const dist = path.join(import.meta.dirname, 'dist');
if (!existsSync(dist))
  throw new Error('measure: expected a build in dist/; found none. Run pnpm --filter demo build.');

const sharedModel = path.join(import.meta.dirname, '../../../shared/models/mobilenet_v2_imagenet.onnx');
const largeModel = text('model') ?? (existsSync(sharedModel) ? sharedModel : undefined);
const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-measure-'));
// As a phone makes them, of blurred noise so that it has to be decoded. A path, not bytes: those would be handed over by the page's own thread.
const photograph = path.join(folder, 'large.jpg');
await sharp({
  create: { width: 800, height: 600, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 } },
})
  .blur(4)
  .resize(8000, 6000)
  .jpeg({ quality: 85 })
  .toFile(photograph);

const server = await serve(dist);
const browser = await chromium.launch({
  executablePath: process.env.HYBRIDCAM_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
});

/** The longest task of the page's own thread while something is done; 0 where none took 50 ms, which is where the browser begins to count. */
async function longestWhile(page, work) {
  const from = await page.evaluate(() => performance.now());
  await work();
  // Observers are told of a task after it has ended.
  await page.waitForTimeout(300);
  return page.evaluate(
    (start) =>
      Math.max(
        0,
        ...globalThis.longTasks.filter(({ startTime }) => startTime >= start).map(({ duration }) => duration),
      ),
    from,
  );
}

/** Two seconds of a hand on the slider: real input events, one a frame at most; intervals between frames as the page gets them. */
async function slide(page, session) {
  const box = await page.locator('#alpha').boundingBox();
  const y = box.y + box.height / 2;
  const steps = 100;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.evaluate(() => {
    globalThis.frames = [];
    let last;
    const note = (now) => {
      if (last !== undefined) globalThis.frames.push(now - last);
      last = now;
      globalThis.noting = requestAnimationFrame(note);
    };
    globalThis.noting = requestAnimationFrame(note);
  });
  const threadTime = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  const before = await threadTime();
  const longest = await longestWhile(page, async () => {
    for (let step = 0; step < steps; step++) {
      const share = 0.5 + 0.45 * Math.sin((4 * Math.PI * step) / steps);
      await page.mouse.move(box.x + box.width * share, y);
    }
  });
  // The processor time of one step on the page's own thread, drawing included.
  const cpu = (1000 * ((await threadTime()) - before)) / steps;
  await page.mouse.up();
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.noting);
    return globalThis.frames;
  });
  frames.sort((a, b) => a - b);
  return {
    longest,
    cpu,
    frameMedian: frames[frames.length >> 1],
    frameP95: frames[Math.floor(0.95 * frames.length)],
  };
}

/** One cold load, then a hand on the slider. @param withLargeModel whether a model of 224 pixels follows, which takes its time */
async function load(withLargeModel) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  if (megabits > 0) {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const bytes = (megabits * 1e6) / 8;
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 20,
      downloadThroughput: bytes,
      uploadThroughput: bytes,
    });
  }
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        globalThis.longTasks.push({ startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
    globalThis.marks = {};
    const watch = () => {
      const now = performance.now();
      const { marks } = globalThis;
      if (document.querySelector('.bar .name')?.textContent) marks.shipped ??= now;
      if (/^(onnx|tfjs)/.test(document.querySelector('#runtime')?.textContent ?? '')) marks.opened ??= now;
      if (document.body?.dataset.source === 'live') marks.live ??= now;
      else requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.marks.live !== undefined, null, { timeout: 120_000 });
  await page.waitForTimeout(500);
  const result = await page.evaluate(() => {
    const { shipped, opened, live } = globalThis.marks;
    const longestOfLoad = Math.max(0, ...globalThis.longTasks.map(({ duration }) => duration));
    return { shipped, opened, live, longestOfLoad };
  });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  result.idle = await longestWhile(page, () => page.waitForTimeout(1000));
  result.scenes = await slide(page, session);
  await page.evaluate(() => document.querySelector('#contour').click());
  await page.waitForSelector('.lines:not([hidden])', { state: 'attached' });
  result.contour = await slide(page, session);
  await page.evaluate(() => document.querySelector('#contour').click());
  if (largeModel !== undefined && withLargeModel) {
    await page.setInputFiles('#model-file', largeModel);
    await page.waitForFunction(
      (name) =>
        document.querySelector('.network-name')?.textContent === name &&
        !document.body.hasAttribute('data-busy'),
      path.basename(largeModel),
      { timeout: 300_000 },
    );
    result.large = await slide(page, session);
    result.photograph = await longestWhile(page, async () => {
      await page.setInputFiles('#picture-file', photograph);
      await page.waitForFunction(
        () =>
          /8000 × 6000/.test(document.querySelector('#seen')?.textContent ?? '') &&
          !document.body.hasAttribute('data-busy'),
        null,
        { timeout: 300_000 },
      );
    });
  }
  await context.close();
  return result;
}

const results = [];
for (let run = 0; run < runs; run++) results.push(await load(run < 3));
await browser.close();
await server.close();
rmSync(folder, { recursive: true, force: true });

const row = (title, read) => {
  const values = results
    .map(read)
    .filter((value) => value !== undefined)
    .sort((a, b) => a - b);
  if (values.length === 0) return;
  const show = (value) => `${value.toFixed(value < 20 ? 1 : 0)} ms`;
  console.log(
    `${title.padEnd(58)} ${show(values[values.length >> 1])}  [${show(values[0])}, ${show(values.at(-1))}]  n = ${values.length}`,
  );
};
console.log(
  `${runs} cold loads${megabits > 0 ? ` at ${megabits} Mbit/s` : ' from a local server'}; median [least, most]`,
);
row('prepared explanation shown', ({ shipped }) => shipped);
row('the network is open', ({ opened }) => opened);
row('live explanation shown', ({ live }) => live);
row('longest task of the page while loading', ({ longestOfLoad }) => longestOfLoad);
row('longest task of the page after it, nobody touching it', ({ idle }) => idle);
for (const [title, key] of [
  ['sample network', 'scenes'],
  ['sample network with outlines', 'contour'],
  [largeModel && path.basename(largeModel), 'large'],
]) {
  row(`sliding, ${title}: processor time a step`, (result) => result[key]?.cpu);
  row(`sliding, ${title}: between frames, median`, (result) => result[key]?.frameMedian);
  row(`sliding, ${title}: between frames, 95 of 100`, (result) => result[key]?.frameP95);
  row(`sliding, ${title}: longest task`, (result) => result[key]?.longest);
}
row('longest task while a 48-megapixel JPEG is explained', ({ photograph: longest }) => longest);
if (largeModel === undefined)
  console.log(
    'no model of 224 pixels: expected --model FILE.onnx, or ../shared/models/mobilenet_v2_imagenet.onnx',
  );
const runtime = readdirSync(path.join(dist, 'assets')).find((name) =>
  /^ort-wasm-simd-threaded-.*\.wasm\.br$/.test(name),
);
console.log(`runtime as sent ${(statSync(path.join(dist, 'assets', runtime)).size / 1e6).toFixed(2)} MB`);

const isShell = (name) => /^(main|worker|rolldown-runtime|probe-model)-.*\.(js|css)$/.test(name);
const shell = readdirSync(path.join(dist, 'assets'))
  .filter(isShell)
  .map((name) => ({
    name,
    bytes: gzipSync(readFileSync(path.join(dist, 'assets', name)), { level: 9 }).length,
  }));
const total =
  shell.reduce((sum, { bytes }) => sum + bytes, 0) +
  gzipSync(readFileSync(path.join(dist, 'index.html'))).length;
console.log(
  `shell ${(total / 1000).toFixed(0)} kB compressed: ${shell.map(({ name, bytes }) => `${name.split('-')[0]} ${(bytes / 1000).toFixed(0)}`).join(', ')}`,
);
