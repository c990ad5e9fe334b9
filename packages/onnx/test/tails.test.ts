import { readFileSync } from 'node:fs';
import { ablationCamByRuns, NonFiniteError, normalize, pack, presets, upsample, view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel, type OrtRuntime, writeModel } from '../src/index.ts';

/** A residual block whose shortcut goes around the layer, behind a Reshape whose size is read from the image's batch. */
function residualNetwork(runtime: OrtRuntime = ort) {
  const bytes = writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', 1, 4, 4] }],
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', 2] }],
      nodes: [
        { opType: 'Conv', name: '/first/Conv', inputs: ['image', 'spread'], outputs: ['first'] },
        { opType: 'Relu', name: '/block/Relu', inputs: ['first'], outputs: ['inner'] },
        { opType: 'Add', name: '/block/Add', inputs: ['inner', 'first'], outputs: ['sum'] },
        { opType: 'Shape', inputs: ['image'], outputs: ['size'] },
        { opType: 'Slice', inputs: ['size', 'zero', 'one'], outputs: ['batch'] },
        { opType: 'Concat', inputs: ['batch', 'rest'], outputs: ['flatSize'], attributes: { axis: 0 } },
        {
          opType: 'ReduceMean',
          inputs: ['sum'],
          outputs: ['pooled'],
          attributes: { axes: [2, 3], keepdims: 0 },
        },
        { opType: 'Reshape', inputs: ['pooled', 'flatSize'], outputs: ['scores'] },
      ],
      initializers: [
        { name: 'spread', dims: [2, 1, 1, 1], dataType: 'float32', data: [1, -2] },
        { name: 'zero', dims: [1], dataType: 'int64', data: [0] },
        { name: 'one', dims: [1], dataType: 'int64', data: [1] },
        { name: 'rest', dims: [1], dataType: 'int64', data: [2] },
      ],
    },
  });
  return createOnnxModel(bytes, { ort: runtime, name: 'residual.onnx' });
}

describe('scoresFrom', () => {
  test('what reaches the scores around the layer is the pass’s own', async () => {
    const model = await residualNetwork();
    const image = view(new Float32Array(32).fill(1).fill(3, 16), [2, 1, 4, 4]);
    const pass = await model.forward(image, { tails: ['inner'] });
    // first = [x, −2x]; inner = [x, 0]; scores = inner + first.
    expectClose(pass.logits.data, [2, -2, 6, -6]);
    const changed = view(new Float32Array(64).fill(10), [2, 2, 4, 4]);
    expectClose((await pass.scoresFrom('inner', changed)).data, [11, 8, 13, 4]);
    pass.dispose();
    await model.dispose();
  });

  test('its tensors are given back, also where the scores are not finite', async () => {
    const kept = new Set<ort.Tensor>();
    const Counted = new Proxy(ort.Tensor, {
      construct(Tensor, values) {
        const tensor = new Tensor(...(values as [Float32Array]));
        const dispose = tensor.dispose.bind(tensor);
        kept.add(tensor);
        return Object.assign(tensor, {
          dispose: () => {
            kept.delete(tensor);
            dispose();
          },
        });
      },
    });
    const model = await residualNetwork({ ...ort, Tensor: Counted });
    const pass = await model.forward(view(new Float32Array(16), [1, 1, 4, 4]), { tails: ['inner'] });
    const before = kept.size;
    for (const value of [1, Number.NaN]) {
      const changed = view(new Float32Array(32).fill(value), [1, 2, 4, 4]);
      const outcome = await pass.scoresFrom('inner', changed).catch((reason: unknown) => reason);
      if (Number.isNaN(value)) expect(outcome).toBeInstanceOf(NonFiniteError);
      expect(kept.size).toBe(before);
    }
    pass.dispose();
    await model.dispose();
  });

  test.skipIf(!sharedFolder()).each(['n02123045_tabby', 'n02099601_golden_retriever'])(
    'Ablation-CAM of MobileNetV2 by 1280 runs of its tail equals pytorch-grad-cam’s: %s (needs ../shared)',
    async (photo) => {
      const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${photo}.safetensors`));
      const { data, shape } = reference.get('input')!;
      const bytes = readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx'));
      const model = await createOnnxModel(bytes, { ort, name: 'mobilenet_v2' });
      const layer = model.resolveLayer('layers.51').name;
      const batch = 16;
      const copies = new Float32Array(batch * data.length);
      for (let i = 0; i < batch; i++) copies.set(data, i * data.length);
      const pass = await model.forward(view(copies, [batch, ...shape.slice(1)]), { tails: [layer] });
      const classIndex = reference.get('class')!.data[0]!;
      const activations = pass.activations(layer).pick(0, null, null, null);
      const cam = await ablationCamByRuns(
        activations,
        async (replaced) => {
          const scores = await pass.scoresFrom(layer, replaced);
          return Array.from({ length: batch }, (_, i) => scores.get(i, classIndex));
        },
        pass.logits.get(0, classIndex),
        { batchSize: batch },
      );
      const { epsilon } = presets['pytorch-grad-cam'];
      const finish = (map: typeof cam) => normalize(map, 'minmax', { epsilon });
      expectClose(finish(upsample(finish(cam), 224, 224)), reference.get('layers.51.pgc.ablationcam')!, {
        absolute: 2e-3,
      });
      expect(pack(activations).some((value) => value > 0)).toBe(true);
      pass.dispose();
      await model.dispose();
    },
  );
});
