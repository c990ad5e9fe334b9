import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const watchdog = pathToFileURL(path.join(import.meta.dirname, '../src/watchdog.mjs')).href;

/** A process of its own that runs one case, seed 7, under a watchdog. */
function watched(body: string): Promise<{ signal: string | null; code: number | null; stderr: string }> {
  const script = `
    import { startWatchdog } from ${JSON.stringify(watchdog)};
    const { begin, end, stop } = await startWatchdog({ processorMs: 500, clockMs: 3000 });
    begin(7);
    ${body}
    end();
    await stop();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

test.each([
  ['a loop without end', 'for (;;);', /seed 7: no end after \d+ ms of the processor/],
  [
    'a loop without end behind an await',
    'await new Promise((resolve) => setTimeout(resolve)); for (;;);',
    /seed 7: no end after \d+ ms of the processor/,
  ],
  [
    'microtasks without end',
    'const again = () => Promise.resolve().then(again); await again();',
    /seed 7: no end after \d+ ms of the processor/,
  ],
  [
    'a promise that nobody settles',
    'setInterval(() => {}, 1000); await new Promise(() => {});',
    /seed 7: no end after \d+ ms of the clock/,
  ],
])('%s ends the process and names the seed', async (_, body, message) => {
  const { signal, stderr } = await watched(body);
  expect(stderr).toMatch(message);
  expect(signal).toBe('SIGKILL');
});

test('cases that end are left alone, however many they are', async () => {
  const busy = 'const until = performance.now() + 50; while (performance.now() < until);';
  const { code, stderr } = await watched(`for (let i = 0; i < 40; i++) { end(); begin(i); ${busy} }`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});
