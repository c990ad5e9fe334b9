import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundleChild, startChild } from './child-process.ts';
import { hostileServer, serve } from './hostile-server.ts';
import { killAndResume } from './kill-and-resume.ts';
import { temporaryCache } from './temporary-cache.ts';

let script: string;
beforeAll(async () => {
  script = await bundleChild();
});
afterAll(() => rmSync(path.dirname(script), { recursive: true, force: true }));

it('killed 10 times at random moments, the download resumes and finishes', { timeout: 120_000 }, () =>
  killAndResume(script, 10),
);

it('three processes at once download once', async () => {
  const server = await hostileServer((context) => {
    setTimeout(() => serve(context), 300);
  });
  onTestFinished(() => server.close());
  const cache = await temporaryCache();
  const ended = await Promise.all([1, 2, 3].map(() => startChild(script, server.file, cache.env).ended));
  expect(ended.map(({ stdout }) => stdout).sort()).toEqual(['hybridcam', 'hybridcam', 'network']);
  expect(server.froms).toEqual([0]);
  expect(await cache.names()).toEqual([server.file.fileName]);
});
