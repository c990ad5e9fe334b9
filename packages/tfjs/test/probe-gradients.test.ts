import { view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { held } from './held.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const { layers } = tfl;

/** Layers of a user's with operations that TensorFlow.js has no gradient of: the third is in refusals.test.ts. */
const OPERATIONS: Record<string, { compute(x: tf.Tensor4D): tf.Tensor; shape(given: number[]): number[] }> = {
  DepthToSpace: {
    compute: (x) => tf.depthToSpace(x, 2, 'NHWC'),
    shape: ([height, width, channels]) => [height! * 2, width! * 2, channels! / 4],
  },
  Einsum: {
    compute: (x) => tf.einsum('bhwc,cd->bhwd', x, tf.ones([4, 4])),
    shape: (given) => given,
  },
};

class Operation extends layers.Layer {
  private readonly operation: string;

  constructor(operation: string) {
    super({ name: 'own' });
    this.operation = operation;
  }

  static get className(): string {
    return 'Operation';
  }

  override computeOutputShape([batch, ...rest]: number[]): (number | null)[] {
    return [batch!, ...OPERATIONS[this.operation]!.shape(rest)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor4D];
    return OPERATIONS[this.operation]!.compute(x);
  }
}

function withOperation(operation: string): tfl.LayersModel {
  const image = tfl.input({ shape: [8, 8, 3] });
  let x = layers.conv2d({ name: 'stem', filters: 4, kernelSize: 3, padding: 'same' }).apply(image);
  x = new Operation(operation).apply(x);
  x = layers.conv2d({ name: 'top', filters: 4, kernelSize: 3, activation: 'relu' }).apply(x);
  x = layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d({}).apply(x));
  return tfl.model({ inputs: image, outputs: x as tfl.SymbolicTensor });
}

describe.each(nodeBackends)('operations without a gradient, on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  // wasm has no Einsum at all, not even forward: the probe must not take that for a size that does not suit.
  test.each(Object.keys(OPERATIONS))(
    '%s blocks what lies before it, by layer and operation',
    async (operation) => {
      const before = held();
      const own = withOperation(operation);
      const built = held();
      const model = await createTfjsModel(own);
      expect(model.resolveLayer('stem')).toMatchObject({
        gradient: 'unavailable',
        blockedBy: expect.stringMatching(
          new RegExp(`^Operation "own" cannot be differentiated on backend ${backend}: .*${operation}`),
        ),
      });
      expect(model.resolveLayer('own').gradient).toBe('varying');
      expect(model.resolveLayer('top').gradient).toBe('constant');
      const input = view(new Float32Array(192).fill(0.3), [1, 3, 8, 8]);
      const forward = model.forward(input, { layers: ['stem', 'top'] });
      if (backend === 'wasm' && operation === 'Einsum') {
        await expect(forward).rejects.toMatchObject({
          code: 'RUNTIME',
          message: expect.stringMatching(/backend wasm: Operation "own": Kernel 'Einsum' not registered/),
        });
      } else {
        const pass = await forward;
        const cotangent = view(new Float32Array([1, 0, 0]), [1, 3]);
        await expect(pass.gradients(['stem'], cotangent)).rejects.toThrow(
          new RegExp(`no gradient at layer "stem": Operation "own" .*${operation}`),
        );
        expect((await pass.gradients(['top'], cotangent)).size).toBe(1);
        pass.dispose();
      }
      await model.dispose();
      expect(held()).toBe(built);
      own.dispose();
      expect(held()).toBe(before);
    },
  );
});
