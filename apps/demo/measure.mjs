// How fast the built page is, in headless Chromium on this machine: `node measure.mjs [--runs N] [--mbit N]`. Prints medians with their
// range; --mbit limits the network of the cold loads. Build first.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const runs = option('runs', 5);
const megabits = option('mbit', 0);
const dist = path.join(import.meta.dirname, 'dist');
if (!existsSync(dist))
  throw new Error('measure: expected a build in dist/; found none. Run pnpm --filter demo build.');

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

/** One cold load, then two seconds of moving alpha. */
async function load() {
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
  const result = await page.evaluate(async () => {
    const { shipped, opened, live } = globalThis.marks;
    const afterLoad = performance.now();
    const slider = document.querySelector('#alpha');
    for (let i = 0; i < 60; i++) {
      slider.value = String((i % 50) / 50);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const tasks = globalThis.longTasks;
    const longest = (from) =>
      Math.max(0, ...tasks.filter(({ startTime }) => startTime >= from).map(({ duration }) => duration));
    return { shipped, opened, live, longestOfLoad: longest(0), longestAfter: longest(afterLoad) };
  });
  // The processor time of one slider step on the page's own thread, drawing included.
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const scriptTime = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  const before = await scriptTime();
  const steps = 60;
  await page.evaluate(async (count) => {
    const slider = document.querySelector('#alpha');
    for (let i = 0; i < count; i++) {
      slider.value = String((i % 50) / 50);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, steps);
  result.frame = (1000 * ((await scriptTime()) - before)) / steps;
  await context.close();
  return result;
}

const results = [];
for (let run = 0; run < runs; run++) results.push(await load());
await browser.close();
await server.close();

const row = (title, key) => {
  const values = results.map((result) => result[key]).sort((a, b) => a - b);
  const show = (value) => `${value.toFixed(value < 20 ? 1 : 0)} ms`;
  console.log(
    `${title.padEnd(46)} ${show(values[values.length >> 1])}  [${show(values[0])}, ${show(values.at(-1))}]`,
  );
};
console.log(
  `${runs} cold loads${megabits > 0 ? ` at ${megabits} Mbit/s` : ' from a local server'}; median [least, most]`,
);
row('prepared explanation shown', 'shipped');
row('the network is open', 'opened');
row('live explanation shown', 'live');
row('longest task of the page while loading', 'longestOfLoad');
row('longest task of the page after (slider moving)', 'longestAfter');
row('slider step, processor time of the page’s thread', 'frame');
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
