import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { explain, fuseLayers, OptionError, ShapeError, tanhScaled, upsample, view } from '../../src/index.ts';
import { toyInput, toyModel } from '../toy-model.ts';

const row = (...values: number[]) => view(Float32Array.from(values), [1, values.length]);

describe('fuseLayers', () => {
  it('fuseLayers(maps, fusion) takes the mean, maximum or product of each cell', () => {
    const maps = [row(0, 0.5), row(1, 0.25), row(0.5, 0.75)];
    expectClose(fuseLayers(maps, 'mean'), [[0.5, 0.5]]);
    expectClose(fuseLayers(maps, 'max'), [[1, 0.75]]);
    expectClose(fuseLayers(maps, 'product'), [[0, 0.09375]]);
  });

  it('tanhScaled raises weak responses most', () => {
    expectClose(tanhScaled(row(0, 0.25, 1)), [[0, Math.tanh(0.5), Math.tanh(2)]], { relative: 1e-6 });
    expect(() => tanhScaled(view(new Float32Array(2), [2]))).toThrow(ShapeError);
  });

  it('explain(…, tanh-max) scales each layer’s map before it enlarges it', async () => {
    const request = { method: 'layer-cam', classIndex: 2 } as const;
    const model = toyModel();
    const [early, last] = await Promise.all(
      ['early', 'last'].map((targetLayer) => explain(model, toyInput(), { ...request, targetLayer })),
    );
    const fused = await explain(model, toyInput(), {
      ...request,
      targetLayer: ['early', 'last'],
      layerFusion: 'tanh-max',
    });
    const expected = fuseLayers([tanhScaled(early!.cam), upsample(tanhScaled(last!.cam), 4, 4)], 'max');
    const peak = Math.max(...expected.data);
    expectClose(
      fused.cam.data,
      expected.data.map((value) => value / peak),
      { absolute: 1e-6 },
    );
  });

  it('fuseLayers of one map is that map', () => {
    for (const fusion of ['mean', 'max', 'product'] as const)
      expectClose(fuseLayers([row(1, 2)], fusion), [[1, 2]]);
  });

  it('fuseLayers refuses maps of different sizes, none, and another name', () => {
    expect(() => fuseLayers([row(1), row(1, 2)], 'mean')).toThrow(ShapeError);
    expect(() => fuseLayers([], 'mean')).toThrow(OptionError);
    expect(() => fuseLayers([row(1)], 'sum' as never)).toThrow(OptionError);
  });
});
