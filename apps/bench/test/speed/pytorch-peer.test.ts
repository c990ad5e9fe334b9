import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { explain, hybrid, type NdArray, pack } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { interleave } from '../../src/speed/interleave.ts';
import { assertSameScores, peerCases, peerLayer } from '../../src/speed/peer-cases.ts';
import { openPyTorchPeer, type PyTorchPeer } from '../../src/speed/pytorch-peer.ts';
import { noiseInput } from '../../src/speed/speed-cases.ts';
import { type BuiltNetwork, type Topology, topologySource } from '../../src/speed/speed-source.ts';
import type { SpeedSubject } from '../../src/speed/speed-subject.ts';

const python = process.env['HYBRIDCAM_PYTHON'] ?? 'python3';
const hasTorch = spawnSync(python, ['-c', 'import torch, numpy']).status === 0;
const { signal } = new AbortController();
const folder = () => mkdtempSync(path.join(tmpdir(), 'bench-peer-'));

describe.skipIf(!hasTorch)(
  'PyTorch as a peer (skipped where HYBRIDCAM_PYTHON has no torch)',
  { timeout: 300_000 },
  () => {
    const open: { close(): Promise<void> }[] = [];
    afterEach(async () => {
      for (const each of open.splice(0)) await each.close();
    });

    async function start(
      topology: Topology,
      change: (built: BuiltNetwork) => BuiltNetwork = (built) => built,
    ): Promise<{ subject: SpeedSubject; peer: PyTorchPeer; input: NdArray<Float32Array> }> {
      const source = topologySource(topology);
      const built = change(await source.build!());
      const { channels, height, width } = built.network.input;
      const input = noiseInput([1, channels, height, width]);
      const subject = await source.open('onnx-node', { threads: 1 });
      open.push({ close: () => subject.dispose() });
      const peer = await openPyTorchPeer(python, built, { input, threads: 1, folder: folder(), signal });
      open.push(peer);
      return { subject, peer, input };
    }

    it.each([
      ['scenes', ['layer4.1', 'layer3.1', 'layer1.1']],
      ['resnet18', ['layer4.1', 'layer2.1']],
      // Bottlenecks and a projection without an activation: what is hooked here is an addition or a batch norm.
      ['mobilenet_v2', ['features.18', 'features.14']],
    ] as const)(
      '%s: the same scores and the same maps as ours, by the notebook and by the lean way',
      async (topology, layers) => {
        const { subject, peer, input } = await start(topology);
        expect(peer.torch).toMatch(/^\d+\.\d+/);
        expect(peer.threads).toBe(1);
        await assertSameScores(subject, peer, input);
        for (const layer of layers) {
          const { map, lean, predicted, confidence } = await peer.check(layer);
          const ours = await explain(subject.model, input, {
            method: hybrid({ alpha: 0.7 }),
            targetLayer: layer,
            preset: 'notebook',
          });
          expect(ours.status, layer).toBe('ok');
          expectClose(map, pack(ours.cam), { absolute: 1e-4 });
          expectClose(lean, pack(ours.cam), { absolute: 1e-4 });
          // What the notebook's loop runs a second forward pass for is told with the map.
          expect(predicted).toBe(ours.classIndex);
          expect(ours.scores.probabilities.get(predicted)).toBeCloseTo(confidence, 4);
        }
      },
    );

    it('takes turns, and the gain is the product of its parts', async () => {
      const { subject, peer, input } = await start('scenes');
      const order: string[] = [];
      const cases = peerCases(subject, peer, input, 'layer3.1').map((timed) => {
        const { run } = timed;
        const noted = () => {
          order.push(timed.name);
          return run();
        };
        return { ...timed, run: noted } as typeof timed;
      });
      const results = await interleave(cases, { rounds: 3, warmup: 1, signal });
      const round = ['forward', 'explain', 'torch forward', 'notebook', 'loop', 'lean'].flatMap((name) => [
        name,
        name,
      ]);
      expect(order).toEqual([...round, ...round, ...round, ...round]);
      const { gain, algorithm, engine, ...medians } = peerLayer('layer3.1', results);
      expect(gain).toBeCloseTo(algorithm * engine, 9);
      for (const [name, median] of Object.entries(medians))
        if (name !== 'layer') expect(median, name).toBeGreaterThan(0);
    });

    it('refuses to time another network: a single weight that differs is met', async () => {
      const { subject, peer, input } = await start('scenes', ({ network, parameters }) => {
        const name = 'fc.bias';
        const { shape, data } = parameters.get(name)!;
        const other = data.map((value, i) => (i === 0 ? value + 1 : value));
        return { network, parameters: new Map([...parameters, [name, { shape, data: other }]]) };
      });
      await expect(assertSameScores(subject, peer, input)).rejects.toThrow(
        'expected the same scores from PyTorch',
      );
    });

    it('says what Python said when it ends, and that there is none', async () => {
      const built = await topologySource('scenes').build!();
      const input = noiseInput([1, 3, 96, 96]);
      const options = { input, threads: 1, folder: folder(), signal };
      const { steps } = built.network;
      const broken = {
        ...built,
        network: { ...built.network, steps: steps.filter(({ name }) => name !== steps[1]!.name) },
      };
      await expect(openPyTorchPeer('no-such-python', built, options)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      const peer = await openPyTorchPeer(python, broken, options).catch((error: unknown) => error as Error);
      const met =
        peer instanceof Error ? peer : await peer.check('layer4.1').catch((error: unknown) => error as Error);
      expect(met).toMatchObject({
        code: 'RUNTIME',
        message: expect.stringMatching(/--peer pytorch failed .*Error.*--python/),
      });
    });
  },
);
