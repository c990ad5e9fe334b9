import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const watchdog = pathToFileURL(path.join(import.meta.dirname, '../src/watchdog.mjs')).href;

/** A process of its own that runs one case, seed 7, under a watchdog. */
function watched(
  body: string,
  clockMs = 60_000,
): Promise<{ signal: string | null; code: number | null; stderr: string }> {
  const script = `
    import { startWatchdog } from ${JSON.stringify(watchdog)};
    const { begin, end, stop } = await startWatchdog({ processorMs: 500, clockMs: ${clockMs} });
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
    1000,
  ],
])('%s ends the process and names the seed', async (_, body, message, clockMs?: number) => {
  const { signal, stderr } = await watched(body, clockMs);
  expect(stderr).toMatch(message);
  expect(signal).toBe('SIGKILL');
});

test('cases that end are left alone, however many they are', async () => {
  const busy = 'const until = performance.now() + 50; while (performance.now() < until);';
  const { code, stderr } = await watched(`for (let i = 0; i < 40; i++) { end(); begin(i); ${busy} }`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  'a process that was stopped for longer than the limit has not waited for the parser',
  async () => {
    const stopped = `
      // The thread has to have seen the case before.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { spawn } = await import('node:child_process');
      spawn('sh', ['-c', 'sleep 6; kill -CONT ' + process.pid]);
      process.kill(process.pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 500));`;
    const { code, stderr } = await watched(stopped, 4000);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  },
);
