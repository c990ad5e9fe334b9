import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { bundleChild } from './child-process.ts';
import { killAndResume } from './kill-and-resume.ts';

let script: string;
beforeAll(async () => {
  script = await bundleChild();
});
afterAll(() => rmSync(path.dirname(script), { recursive: true, force: true }));

it('killed 50 times at random moments, the download resumes and finishes', { timeout: 300_000 }, () =>
  killAndResume(script, 50),
);
