import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { startChild } from './child-process.ts';
import { type Behaviour, hostileServer } from './hostile-server.ts';
import { temporaryCache } from './temporary-cache.ts';

/** Sends a fifth of the rest at a time, so that a download lasts as long as a process needs to start. */
const slowly: Behaviour = ({ response, content, from }) => {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  let at = from;
  const step = (): void => {
    if (response.destroyed) return;
    const end = Math.min(content.length, at + 30_000);
    response.write(content.subarray(at, end));
    at = end;
    if (at === content.length) response.end();
    else setTimeout(step, 10);
  };
  step();
};

/** Kills so many downloads of one file at random moments of their lives, then lets one finish. */
export async function killAndResume(script: string, kills: number): Promise<void> {
  const server = await hostileServer(slowly, 3_000_000);
  onTestFinished(() => server.close());
  const cache = await temporaryCache();
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let kill = 0; kill < kills; kill++) {
    const before = server.froms.length;
    const child = startChild(script, server.file, cache.env);
    // Half of them are killed while bytes come in, half at any time from the start of the process on.
    for (let i = 0; kill % 2 === 0 && server.froms.length === before && i < 500; i++) await pause(5);
    await pause(random() * 150);
    child.process.kill('SIGKILL');
    await child.ended;
    const names = await cache.names();
    if (names.includes(server.file.fileName)) {
      expect(readFileSync(cache.file(server.file.fileName)).equals(server.content)).toBe(true);
    }
  }
  const last = await startChild(script, server.file, cache.env).ended;
  expect(last).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(cache.file(server.file.fileName)).equals(server.content)).toBe(true);
  expect(await cache.names()).toEqual([server.file.fileName]);
  // Each process that was killed left what it had: the ranges only grow.
  expect(server.froms).toEqual([...server.froms].sort((a, b) => a - b));
  expect(server.froms.some((from) => from > 0)).toBe(true);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
