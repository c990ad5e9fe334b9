import { view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createTfjsModel } from '../src/index.ts';
import { loadSharedModel } from './load-shared-model.ts';
import { resnet50 } from './resnet50.ts';
import { type NodeBackend, useBackend } from './use-backend.ts';

/**
 * What an explanation costs next to `predict`, in rounds that take turns, so that a busy machine disturbs all alike.
 * Printed by tooling/reference/tfjs/cost.mjs.
 */
export async function cost(backend: NodeBackend, rounds: number): Promise<void> {
  await useBackend(backend);
  await compare(
    'MobileNetV2',
    await loadSharedModel(),
    { last: 'conv_51_relu6', middle: 'conv_39_relu6' },
    backend,
    rounds,
  );
  await compare(
    'ResNet-50',
    resnet50(),
    { last: 'layer4.2', conv4: 'layer3.5', conv3: 'layer2.3' },
    backend,
    rounds,
  );
}

async function compare(
  name: string,
  source: LayersModel,
  layers: Readonly<Record<string, string>>,
  backend: string,
  rounds: number,
): Promise<void> {
  const model = await createTfjsModel(source);
  const values = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.01));
  const input = view(values, [1, 3, 224, 224]);
  const image = tf.tidy(() => tf.transpose(tf.tensor4d(values, [1, 3, 224, 224]), [0, 2, 3, 1]));
  const cotangent = new Float32Array(model.classCount);
  cotangent[0] = 1;
  const tasks: Record<string, () => Promise<void>> = {
    async predict() {
      const scores = source.predict(image) as tf.Tensor;
      await scores.data();
      scores.dispose();
    },
  };
  for (const [title, layer] of Object.entries(layers)) {
    tasks[title] = async () => {
      const pass = await model.forward(input, { layers: [layer] });
      await pass.gradients([layer], view(cotangent, [1, model.classCount]));
      pass.dispose();
    };
  }
  // On a machine that others use, the time a process computes says more than the time that passes.
  const clocks = {
    elapsed: () => performance.now(),
    computed: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e3,
  };
  const times = { elapsed: new Map<string, number[]>(), computed: new Map<string, number[]>() };
  for (let round = -2; round < rounds; round++) {
    for (const [title, task] of Object.entries(tasks)) {
      const start = { elapsed: clocks.elapsed(), computed: clocks.computed() };
      await task();
      for (const clock of ['elapsed', 'computed'] as const) {
        const list = times[clock].get(title) ?? [];
        if (round >= 0) list.push(clocks[clock]() - start[clock]);
        times[clock].set(title, list);
      }
    }
  }
  for (const title of Object.keys(tasks)) {
    const shown = (['elapsed', 'computed'] as const).map((clock) => {
      const [own, base] = [median(times[clock].get(title)!), median(times[clock].get('predict')!)];
      return `${clock} ${own.toFixed(1)} ms = ${(own / base).toFixed(2)} predict`;
    });
    console.log(`${backend} ${name} ${title}: ${shown.join(', ')}`);
  }
  image.dispose();
  await model.dispose();
  source.dispose();
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
