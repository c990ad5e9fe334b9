import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tfjsNodeFolder } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTfjsNode } from '../../src/node.ts';
import { hasTfjsNode } from '../use-backend.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-tfjs-node-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** A package of that name whose main file does what is written in it. */
function install(main: string): void {
  const home = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{"name":"@tensorflow/tfjs-node","main":"index.js"}');
  writeFileSync(path.join(home, 'index.js'), main);
}

describe('startTfjsNode', () => {
  test('says what to install where the package is missing, in the folder given or the one of the environment', async () => {
    const refusal = {
      code: 'NOT_FOUND',
      message: expect.stringMatching(/npm install @tensorflow\/tfjs-node.*tooling\/tfjs-node\/build\.mjs/),
    };
    await expect(startTfjsNode(folder)).rejects.toMatchObject(refusal);
    vi.stubEnv('HYBRIDCAM_TFJS_NODE', folder);
    await expect(startTfjsNode()).rejects.toMatchObject(refusal);
  });

  test('a native library that does not load is named with its reason, and TensorFlow.js may warn again', async () => {
    install('throw new Error("The native addon module can not be found\\nstack");');
    await expect(startTfjsNode(folder)).rejects.toMatchObject({
      code: 'RUNTIME',
      message: expect.stringMatching(/\(The native addon module can not be found\).*npm rebuild/),
    });
    expect(tf.env().getBool('PROD')).toBe(false);
  });

  test('a package that brings no backend is refused', async () => {
    install('module.exports = {};');
    await expect(startTfjsNode(folder)).rejects.toMatchObject({ code: 'RUNTIME' });
  });

  // Where it has been built every other test of this package runs on it too, beside cpu and wasm.
  test.skipIf(!hasTfjsNode)(
    'starts TensorFlow’s own library, without a warning (skipped until tooling/tfjs-node/build.mjs has been run)',
    async () => {
      const warn = vi.spyOn(console, 'warn');
      await startTfjsNode(tfjsNodeFolder());
      expect(tf.getBackend()).toBe('tensorflow');
      expect(warn).not.toHaveBeenCalled();
      const product = tf.matMul(tf.ones([1, 5]), tf.ones([5, 1]));
      expect(Array.from(await product.data())).toEqual([5]);
      product.dispose();
    },
  );
});
