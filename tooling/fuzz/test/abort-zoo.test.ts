import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import { fetchCheckpoint } from '@hybridcam/zoo/node';
import { expect, onTestFinished, test } from 'vitest';
import { type Behaviour, hostileServer } from '../../../packages/zoo/test/node/hostile-server.ts';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

const PATIENCE = { attempts: 3, retryDelay: 1, stallTimeout: 20_000 };

/** In pieces with a pause between, and the first answer of each download cut off, so that a second attempt is waited for. */
const inPieces: Behaviour = ({ response, content, from }) => {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    connection: 'close',
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  response.write(content.subarray(from, from + 40_000));
  setTimeout(() => {
    if (from === 0) response.destroy();
    else response.end(content.subarray(from + 40_000));
  }, 5);
};

test.each([
  ['into an empty cache', true],
  ['onto what an earlier one left', false],
])(
  'fetchCheckpoint %s: no lock, no file that is not whole, and what came is kept for the next',
  async (_, fresh) => {
    const server = await hostileServer(inPieces, 120_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-abort-zoo-'));
    onTestFinished(async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    });
    const env = { HYBRIDCAM_CACHE: folder, HOME: folder, XDG_CACHE_HOME: path.join(folder, 'xdg') };
    const { fileName } = server.file;
    const kept = path.join(folder, 'checkpoints');
    const names = (): string[] => readdirSync(kept).sort();
    const report = await abortAtEveryAwait(
      async (signal) => {
        rmSync(fresh ? kept : path.join(kept, fileName), { recursive: true, force: true });
        const { path: found } = await fetchCheckpoint(server.file, { env, patience: PATIENCE, signal });
        return readFileSync(found);
      },
      {
        digest: (bytes) => bytes.equals(server.content),
        most: 40,
        check: () => {
          const left = fresh ? readdirSync(folder, { recursive: true }).map(String) : names();
          const allowed = left.map((name) => path.basename(name)).filter((name) => name !== 'checkpoints');
          for (const name of allowed) expect([fileName, `${fileName}.partial`]).toContain(name);
          if (allowed.includes(`${fileName}.partial`)) {
            const partial = readFileSync(path.join(kept, `${fileName}.partial`));
            expect(partial.equals(server.content.subarray(0, partial.length))).toBe(true);
          }
          if (allowed.includes(fileName))
            expect(readFileSync(path.join(kept, fileName)).equals(server.content)).toBe(true);
        },
      },
    );
    // A file that is whole is kept and given, whatever the signal says: its last pieces, its hash and its new name.
    expectRefusedEverywhere(report, 100);
  },
);
