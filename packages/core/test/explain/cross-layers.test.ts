import { describe, expect, it } from 'vitest';
import { crossLayers, type SpatialLayer, UnsupportedError } from '../../src/index.ts';

const layer = (name: string, side: number, gradient: SpatialLayer['gradient'] = 'varying'): SpatialLayer => ({
  name,
  aliases: [],
  shape: [8, side, side],
  stride: undefined,
  parameterCount: undefined,
  gradient,
  blockedBy: gradient === 'unavailable' ? 'a test' : undefined,
});

const model = (layers: readonly SpatialLayer[]) => ({
  layers,
  defaultLayer: layers.at(-1)!.name,
  resolveLayer: (name: string) => layers.find((candidate) => candidate.name === name)!,
});

describe('crossLayers', () => {
  it('takes the last end of a block with twice the resolution, not the inside of the next block', () => {
    const resnet = [
      layer('layer3.4', 14),
      layer('layer3.5', 14),
      layer('layer4.0.relu', 14),
      layer('layer4.2', 7),
    ];
    expect(crossLayers(model(resnet))).toEqual(['layer4.2', 'layer3.5']);
  });

  it('takes the inside of a block where there is nothing else', () => {
    expect(crossLayers(model([layer('stem.conv.relu', 14), layer('stage.1', 7)]))).toEqual([
      'stage.1',
      'stem.conv.relu',
    ]);
  });

  it('passes over layers that only pad: of the sizes that round to twice, the nearest, and of two as near the smaller', () => {
    const mobilenet = [layer('conv_39', 14), layer('dw_40_pad', 15), layer('conv_51', 7)];
    expect(crossLayers(model(mobilenet))).toEqual(['conv_51', 'conv_39']);
    const odd = [layer('conv_39', 13), layer('dw_40_pad', 15), layer('conv_51', 7)];
    expect(crossLayers(model(odd))).toEqual(['conv_51', 'conv_39']);
  });

  it('rounds the ratio of networks that do not pad, and passes over layers without gradients', () => {
    const inception = [layer('Mixed_6e', 17), layer('Mixed_6f', 17, 'unavailable'), layer('Mixed_7c', 8)];
    expect(crossLayers(model(inception))).toEqual(['Mixed_7c', 'Mixed_6e']);
  });

  it('says so when no layer has twice the resolution', () => {
    expect(() => crossLayers(model([layer('a', 28), layer('b', 7)]))).toThrow(UnsupportedError);
  });
});
