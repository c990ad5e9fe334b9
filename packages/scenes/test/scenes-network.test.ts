import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CamError, IntegrityError, ModelFormatError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../src/base64.ts';
import { loadScenesNetwork, loadScenesWeights, readScenesNetwork, sceneClasses } from '../src/index.ts';

const file = new Uint8Array(readFileSync(new URL('../weights/scenes.safetensors', import.meta.url)));

describe('the carried network', () => {
  it('loadScenesWeights gives the bytes of the weights file, at most 1.5 MB', async () => {
    expect(Buffer.compare(await loadScenesWeights(), file)).toBe(0);
    expect(file.length).toBeLessThan(1.5e6);
  });

  it('loadScenesNetwork describes a bottleneck ResNet with a 12×12 map before the head', async () => {
    const network = await loadScenesNetwork();
    expect(network.classes).toEqual(sceneClasses);
    expect(network.classCount).toBe(10);
    expect(network.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    const names = network.steps.map((step) => step.name);
    expect(names).toContain('layer1.0');
    expect(names.at(-3)).toBe('layer4.1');
    expect(network.steps.slice(-2).map((step) => step.op)).toEqual(['global-average-pool', 'linear']);
    const stride = network.steps.reduce(
      (product, step) =>
        (step.op === 'convolution' && !step.name.includes('downsample')) || step.op === 'max-pool'
          ? product * step.stride
          : product,
      1,
    );
    expect(network.input.height / stride).toBe(12);
    for (const { shape, data } of network.parameters.values()) {
      expect(data.length).toBe(shape.reduce((product, extent) => product * extent, 1));
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it('readScenesNetwork tells a damaged file by its hash', async () => {
    const { sha256: hash } = await loadScenesNetwork();
    const damaged = file.slice();
    damaged[damaged.length >> 1]! ^= 1;
    expect(() => readScenesNetwork(damaged, hash)).toThrow(IntegrityError);
    expect(() => readScenesNetwork(file.subarray(0, 1000), hash)).toThrow(IntegrityError);
    expect(() => readScenesNetwork(file.subarray(0, 1000), hash)).toThrow(
      /received 1000 bytes with [0-9a-f]{64}/,
    );
    expect(readScenesNetwork(file, hash).sha256).toBe(hash);
  });

  it('readScenesNetwork without a hash refuses files that hold no such network', () => {
    expect(() => readScenesNetwork(file.subarray(0, 1000))).toThrow(ModelFormatError);
    const other = new TextEncoder().encode('\x02\0\0\0\0\0\0\0{}');
    expect(() => readScenesNetwork(other)).toThrow('expected metadata "architecture"; received none');
    // One letter of an operation's name changed, inside the header.
    const text = Buffer.from(file).toString('latin1').replace('max-pool', 'min-pool');
    const renamed = new Uint8Array(Buffer.from(text, 'latin1'));
    expect(() => readScenesNetwork(renamed)).toThrow('expected step "maxpool" to be one of convolution');
    expect(() => readScenesNetwork(renamed)).toThrow(CamError);
  });
});

describe('decodeBase64', () => {
  it('agrees with Node for every padding', () => {
    for (let length = 0; length < 20; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + 200) & 255);
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
    }
  });
});
