import { CamError, view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel, type GraphArtifacts } from '../src/index.ts';
import { held } from './held.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const { layers } = tfl;
type Symbolic = tfl.SymbolicTensor;

const input = (batch = 1): ReturnType<typeof view> =>
  view(
    Float32Array.from({ length: batch * 768 }, (_, i) => Math.sin(i)),
    [batch, 3, 16, 16],
  );

/** A layer of the user's whose operation TensorFlow.js cannot differentiate. */
class EveryOther extends layers.Layer {
  static get className(): string {
    return 'EveryOther';
  }

  override computeOutputShape([batch, height, width, channels]: number[]): (number | null)[] {
    return [batch!, height! / 2, width! / 2, channels!];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor4D];
    return tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]);
  }
}

function withLayer(layer: InstanceType<typeof layers.Layer>): tfl.LayersModel {
  const image = tfl.input({ shape: [16, 16, 3] });
  let x = layers
    .conv2d({ name: 'stem', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' })
    .apply(image);
  x = layer.apply(x) as Symbolic;
  x = layers.conv2d({ name: 'top', filters: 4, kernelSize: 3, activation: 'relu' }).apply(x);
  x = layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d({}).apply(x));
  return tfl.model({ inputs: image, outputs: x as Symbolic });
}

describe.each(nodeBackends)('bad input on %s', (backend) => {
  let source: tfl.LayersModel;
  beforeAll(async () => {
    await useBackend(backend);
    source = smallLayersModel();
  });

  test('resolveLayer: an unknown layer is refused with near names', async () => {
    const model = await createTfjsModel(source);
    expect(() => model.resolveLayer('block_ad')).toThrow(
      /target layer "block_ad" not found\. Did you mean "block_add"/,
    );
    await expect(model.forward(input(), { layers: ['nothing'] })).rejects.toMatchObject({
      code: 'LAYER_NOT_FOUND',
    });
  });

  test('resolveLayer: a layer without cells is refused with its shape', async () => {
    const model = await createTfjsModel(source);
    expect(() => model.resolveLayer('excite')).toThrow(/"excite" not found: it gives \[\?, 11\]/);
    expect(() => model.resolveLayer('gate')).toThrow(/"gate" not found: it gives \[\?, 1, 1, 11\]/);
    expect(() => model.resolveLayer('scores')).toThrow(/"scores" not found: it gives \[\?, 4\]/);
  });

  test('forward: shapes and numbers are checked before TensorFlow.js sees them', async () => {
    const model = await createTfjsModel(source);
    const zeros = (shape: number[]): ReturnType<typeof view> =>
      view(new Float32Array(shape.reduce((product, extent) => product * extent, 1)), shape);
    await expect(model.forward(zeros([1, 3, 16, 17]))).rejects.toThrow(
      /expected input \[batch, 3, 16, 16\]; received shape \[1,3,16,17\]/,
    );
    await expect(model.forward(zeros([1, 16, 16, 3]))).rejects.toMatchObject({ code: 'SHAPE' });
    await expect(model.forward(zeros([0, 3, 16, 16]))).rejects.toMatchObject({ code: 'SHAPE' });
    const bad = input();
    bad.data[5] = Number.NaN;
    await expect(model.forward(bad)).rejects.toMatchObject({ code: 'NON_FINITE' });
  });

  test('gradients: a cotangent for a class that is not there is refused', async () => {
    const model = await createTfjsModel(source);
    const pass = await model.forward(input(), { layers: ['top'] });
    await expect(pass.gradients(['top'], view(new Float32Array(5), [1, 5]))).rejects.toThrow(
      /\[1, 4\]; received shape \[1,5\]/,
    );
    pass.dispose();
  });

  test('forward: a model the user has disposed is named as the cause, and nothing leaks', async () => {
    const own = smallLayersModel();
    const model = await createTfjsModel(own);
    own.dispose();
    const before = held();
    await expect(model.forward(input(), { layers: ['top'] })).rejects.toMatchObject({
      code: 'RUNTIME',
      message: expect.stringMatching(/disposed/),
    });
    expect(held()).toBe(before);
  });

  test('forward: scores that are NaN are refused, and nothing leaks', async () => {
    const own = smallLayersModel();
    const model = await createTfjsModel(own);
    const layer = own.getLayer('scores');
    const [kernel, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor];
    layer.setWeights([tf.fill(kernel.shape, Number.NaN), bias]);
    const before = held();
    await expect(model.forward(input(), { layers: ['top'] })).rejects.toMatchObject({ code: 'NON_FINITE' });
    expect(held()).toBe(before);
  });

  test('layers: an operation without gradient blocks what lies before it, by name, and only that', async () => {
    const before = held();
    const own = withLayer(new EveryOther({ name: 'every_other' }));
    const built = held();
    const model = await createTfjsModel(own);
    expect(model.resolveLayer('stem')).toMatchObject({
      gradient: 'unavailable',
      blockedBy: expect.stringMatching(
        new RegExp(`EveryOther "every_other" cannot be differentiated on backend ${backend}: .*StridedSlice`),
      ),
    });
    expect(model.resolveLayer('top').gradient).toBe('constant');
    expect(model.resolveLayer('every_other').gradient).toBe('varying');
    const pass = await model.forward(input(), { layers: ['stem', 'every_other'] });
    expect(pass.activations('stem').shape).toEqual([1, 4, 16, 16]);
    const cotangent = view(new Float32Array([1, 0, 0]), [1, 3]);
    await expect(pass.gradients(['stem'], cotangent)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect((await pass.gradients(['every_other'], cotangent)).size).toBe(1);
    pass.dispose();
    await model.dispose();
    expect(held()).toBe(built);
    own.dispose();
    expect(held()).toBe(before);
  });

  test.each([null, undefined, {}, 'model.json', 7, []])('createTfjsModel: %j is no model', async (given) => {
    await expect(createTfjsModel(given as never)).rejects.toMatchObject({
      code: 'OPTION',
      message: expect.stringMatching(/expected a LayersModel or a GraphModel; received .*loadLayersModel/),
    });
  });

  test('createTfjsModel: models that are no image classifiers are refused with the reason', async () => {
    const image = tfl.input({ shape: [16, 16, 3], name: 'left' });
    const other = tfl.input({ shape: [16, 16, 3], name: 'right' });
    const dense = (x: unknown): Symbolic =>
      layers.dense({ units: 2 }).apply(layers.globalAveragePooling2d({}).apply(x as Symbolic)) as Symbolic;
    const two = tfl.model({ inputs: [image, other], outputs: dense(layers.add().apply([image, other])) });
    await expect(createTfjsModel(two)).rejects.toThrow(/expected one input; received 2 \("left", "right"\)/);

    const vector = tfl.input({ shape: [8] });
    const flat = tfl.model({ inputs: vector, outputs: layers.dense({ units: 2 }).apply(vector) as Symbolic });
    await expect(createTfjsModel(flat)).rejects.toThrow(/expected an image as input .* is \[\?, 8\]/);

    const segments = (x: Symbolic): tfl.LayersModel =>
      tfl.model({ inputs: x, outputs: layers.conv2d({ filters: 2, kernelSize: 1 }).apply(x) as Symbolic });
    await expect(createTfjsModel(segments(tfl.input({ shape: [null, null, 3] })))).rejects.toThrow(
      /expected an output of known size but for the batch; received \[\?, \?, \?, 2\]/,
    );
    expect((await createTfjsModel(segments(image))).outputShape).toEqual([16, 16, 2]);

    const words = tfl.input({ shape: [16, 16, 3], dtype: 'int32', name: 'words' });
    const integer = tfl.model({ inputs: words, outputs: dense(words) });
    await expect(createTfjsModel(integer)).rejects.toThrow(/expected a float32 input; "words" is int32/);

    await expect(createTfjsModel(source, { labels: ['one', 'two'] })).rejects.toThrow(
      /expected 4 labels; received 2/,
    );
  });

  test('createTfjsModel: a GraphModel needs its artifacts, and control flow is refused by name', async () => {
    const { source: graph, artifacts } = await loadGraphFixture('graph-model-fused');
    await expect(createTfjsModel(graph)).rejects.toMatchObject({ code: 'OPTION' });
    await expect(createTfjsModel(graph, { artifacts: { modelTopology: {} } })).rejects.toMatchObject({
      code: 'MODEL_FORMAT',
    });
    const topology = structuredClone(artifacts.modelTopology) as { node: { name: string; op: string }[] };
    topology.node.find(({ op }) => op === 'MaxPool')!.op = 'StatelessWhile';
    await expect(createTfjsModel(graph, { artifacts: { modelTopology: topology } })).rejects.toThrow(
      /MaxPool2d" \(StatelessWhile\) is control flow/,
    );
    await expect(createTfjsModel(graph, { artifacts, output: 'nowhere' })).rejects.toMatchObject({
      code: 'OPTION',
    });
    graph.dispose();
  });

  test('createTfjsModel: a topology with a cycle or a missing node is refused', async () => {
    const { source: graph, artifacts } = await loadGraphFixture('graph-model-fused');
    const attempt = (
      change: (nodes: { name: string; op: string; input?: string[] }[]) => void,
    ): Promise<unknown> => {
      const topology = structuredClone(artifacts.modelTopology) as {
        node: { name: string; op: string; input?: string[] }[];
      };
      change(topology.node);
      return createTfjsModel(graph, { artifacts: { modelTopology: topology } satisfies GraphArtifacts });
    };
    await expect(
      attempt((nodes) =>
        nodes.splice(
          nodes.findIndex(({ op }) => op === 'MaxPool'),
          1,
        ),
      ),
    ).rejects.toThrow(/the topology has none/);
    await expect(
      attempt((nodes) => {
        const pool = nodes.find(({ op }) => op === 'MaxPool')!;
        pool.input = [pool.name];
      }),
    ).rejects.toThrow(/depends on itself/);
    graph.dispose();
  });

  test('every refusal is a CamError', async () => {
    const model = await createTfjsModel(source);
    expect(() => model.resolveLayer('')).toThrow(CamError);
  });
});
