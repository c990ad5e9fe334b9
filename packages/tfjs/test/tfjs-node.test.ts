import { view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { adapterConformance } from '@hybridcam/test-utils/adapter-conformance';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { checkGradient } from './check-gradient.ts';
import { layerCases, windowCases } from './gradient-cases.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { loadSharedModel } from './load-shared-model.ts';
import { hasTfjsNode, loadTfjsNode } from './load-tfjs-node.ts';
import { smallLayersModel } from './small-layers-model.ts';

describe.skipIf(!hasTfjsNode)('on tfjs-node (skipped until tooling/tfjs-node/build.mjs has been run)', () => {
  beforeAll(async () => {
    loadTfjsNode();
    await tf.setBackend('tensorflow');
    await tf.ready();
    expect(tf.getBackend()).toBe('tensorflow');
  });

  describe('a LayersModel', () => {
    const subject = {
      create: () => createTfjsModel(smallLayersModel()),
      view,
      cuts: ['stem', 'block_add', 'mixed', 'scaled', 'top'],
    };
    for (const { title, run } of adapterConformance(subject)) test(title, run);
  });

  test('a GraphModel: every layer has a gradient', async () => {
    const { source, artifacts } = await loadGraphFixture('graph-model-fused');
    const model = await createTfjsModel(source, { artifacts });
    expect(model.layers.filter(({ gradient }) => gradient === 'unavailable')).toEqual([]);
    await model.dispose();
    source.dispose();
  });

  test('gradients agree with finite differences', async () => {
    const complaints: string[] = [];
    // Its convolution takes no padding in numbers: the forward pass throws.
    const cases = [...windowCases(), ...layerCases()].filter(
      ({ title }) => title !== 'own: conv padded by number',
    );
    for (const one of cases) {
      const { error, leaked, refused } = await checkGradient(one);
      if (refused !== undefined) complaints.push(`${one.title}: refused: ${refused}`);
      if (!(error <= 2e-3)) complaints.push(`${one.title}: error ${error.toExponential(2)}`);
      if (leaked !== 0) complaints.push(`${one.title}: ${leaked} tensors leaked`);
    }
    expect(complaints).toEqual([expect.stringMatching(/^batch norm over axis 1: refused/)]);
  });

  test.skipIf(!sharedFolder())('MobileNetV2 agrees with PyTorch (needs ../shared)', async () => {
    const reference = readSafetensors(sharedFile('reference/mobilenet_v2.n02123045_tabby.safetensors'));
    const input = reference.get('input')!;
    const source = await loadSharedModel();
    const model = await createTfjsModel(source);
    const pass = await model.forward(view(input.data, input.shape), { layers: ['conv_39_relu6'] });
    const cotangent = new Float32Array(1000);
    cotangent[reference.get('class')!.data[0]!] = 1;
    const gradients = await pass.gradients(['conv_39_relu6'], view(cotangent, [1, 1000]));
    expectClose(pass.logits.data, reference.get('logits')!.data, { relativeToMax: 1e-5 });
    expectClose(gradients.get('conv_39_relu6')!.data, reference.get('layers.39.gradients')!.data, {
      relativeToMax: 2e-6,
    });
    await model.dispose();
    source.dispose();
  });
});
