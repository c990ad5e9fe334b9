import { expect, test } from 'vitest';
import { openTfjsFiles } from '../src/worker/open-tfjs-files.ts';

test('of two topologies none is put on the other’s weights: the second is refused, by its name', async () => {
  const topology = (name: string) => new File(['{"modelTopology": {}}'], name);
  const files = [topology('net.json'), new File(['x'], 'weights.bin'), topology('next.json')];
  await expect(
    openTfjsFiles({ kind: 'files', runtime: 'tfjs-wasm', files, preset: undefined }),
  ).rejects.toThrow(/expected one \.json with a modelTopology; received a second one, next\.json/);
});
