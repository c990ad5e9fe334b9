import { describe, expect, test } from 'vitest';
import { LayerNotFoundError, layerNotFound, type SpatialLayer } from '../src/index.ts';

const layer = (name: string, side: number): SpatialLayer => ({
  name,
  aliases: [],
  shape: [4, side, side],
  stride: undefined,
  parameterCount: undefined,
  gradient: 'varying',
  blockedBy: undefined,
});

describe('layerNotFound', () => {
  test('names near layers, then all', () => {
    const error = layerNotFound('layer5', [layer('layer3', 14), layer('layer4', 7)]);
    expect(error).toBeInstanceOf(LayerNotFoundError);
    expect(error.message).toBe(
      'explain: target layer "layer5" not found. Did you mean "layer3" or "layer4"? Spatial layers: layer3 [4×14×14], layer4 [4×7×7].',
    );
  });

  test('of many layers names the last of each size and where the rest is listed', () => {
    const layers = [56, 28, 14].flatMap((side) => [1, 2, 3].map((block) => layer(`s${side}.${block}`, side)));
    expect(layerNotFound('foo', layers).message).toBe(
      'explain: target layer "foo" not found. The last spatial layer of each size: s56.3 [4×56×56], s28.3 [4×28×28], s14.3 [4×14×14]. All 9: hybridcam layers, or model.layers.',
    );
  });

  test('says why a thing of that name is no layer', () => {
    expect(layerNotFound('fc.weight', [], 'is a weight').message).toBe(
      'explain: target layer "fc.weight" not found: it is a weight. The model has no spatial layers.',
    );
  });
});
