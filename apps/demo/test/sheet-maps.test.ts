import { crossLayerHybrid, explain, hybrid, type MethodName, pack } from '@hybridcam/core';
import type { Geometry } from '@hybridcam/image';
import { expectClose } from '@hybridcam/test-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NamedMap } from '../src/protocol.ts';
import { sheetMaps } from '../src/sheet-maps.ts';
import { defaultState } from '../src/state.ts';
import type { ShownPicture } from '../src/view.ts';
import { compareMethods } from '../src/worker/compare-methods.ts';
import { explainPicture } from '../src/worker/explain-picture.ts';
import { type Oracle, openOracle } from './oracle.ts';

const params = { layer: undefined, classIndex: undefined, against: undefined } as const;
const picture = { geometry: { input: { height: 96, width: 96 } } as Geometry } as ShownPicture;

describe('sheetMaps', () => {
  let oracle: Oracle;
  let compared: ReadonlyMap<MethodName, NamedMap>;
  beforeAll(async () => {
    oracle = await openOracle('house');
    const maps: NamedMap[] = [];
    await compareMethods(
      oracle.model,
      oracle.input,
      { ...params, classIndex: 1, method: 'hybrid' },
      (map) => maps.push(map),
      new AbortController().signal,
    );
    compared = new Map(maps.map((map) => [map.method, map]));
  });
  const sheetOf = async (method: MethodName, alpha: number, maps = new Map<MethodName, NamedMap>()) =>
    sheetMaps({
      evidence: await explainPicture(oracle.model, oracle.input, { ...params, classIndex: 1, method }),
      state: { ...defaultState, method, alpha },
      picture,
      compared: maps,
    });

  test.each([
    ['eigen-cam', 0.7, 'eigen-cam', 'Eigen-CAM'],
    ['layer-cam', 0.7, 'layer-cam', 'LayerCAM'],
    ['hybrid', 0.42, hybrid({ alpha: 0.42 }), 'hybrid, α = 0.42'],
    ['hybrid', 0.7, hybrid({ alpha: 0.7 }), 'hybrid, α = 0.7'],
    ['cross-layer-hybrid', 0.25, crossLayerHybrid({ alpha: 0.25 }), 'cross-layer, α = 0.25'],
  ] as const)('%s, α = %d: the map on screen comes first, and once', async (method, alpha, wish, title) => {
    const maps = await sheetOf(method, alpha);
    const { saliencyMap } = await explain(oracle.model, oracle.input, { method: wish, classIndex: 1 });
    expect(maps[0]!.title).toBe(title);
    expectClose(maps[0]!.map, pack(saliencyMap), { absolute: 1e-5 });
    expect(new Set(maps.map((map) => map.title)).size).toBe(maps.length);
    expect(maps.length).toBeGreaterThanOrEqual(5);
  });

  test('what was compared follows, the cross-layer hybrid at the alpha of the page', async () => {
    expect([...compared.keys()]).toContain('cross-layer-hybrid');
    const maps = await sheetOf('hybrid', 0.42, new Map(compared));
    const cross = maps.find(({ title }) => title === 'cross-layer, α = 0.42');
    const { saliencyMap } = await explain(oracle.model, oracle.input, {
      method: crossLayerHybrid({ alpha: 0.42 }),
      classIndex: 1,
    });
    expectClose(cross!.map, pack(saliencyMap), { absolute: 1e-5 });
    expect(maps).toHaveLength(1 + 5 + compared.size);
  });
});
