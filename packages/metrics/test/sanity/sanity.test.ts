import { OptionError, pack, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  classSensitivity,
  headRandomisation,
  mapSimilarity,
  structuralSimilarity,
  weightRandomisation,
} from '../../src/index.ts';
import { scipy } from '../fixtures/scipy.ts';
import { map } from '../toy-subject.ts';

const ramp = (sign: number) =>
  map(
    Array.from({ length: 144 }, (_, i) => sign * (i % 12) + Math.floor(i / 12)),
    [12, 12],
  );

describe('structuralSimilarity', () => {
  it('agrees with SciPy’s convolution of the paper’s formula', () => {
    const { shape, a, b, value } = scipy.ssim;
    expectClose(structuralSimilarity(map(a, shape), map(b, shape)), value, { absolute: 1e-9 });
  });

  it('is 1 for equal maps, constants included', () => {
    expectClose(structuralSimilarity(ramp(1), ramp(1)), 1, { absolute: 1e-12 });
    expect(
      structuralSimilarity(map(new Array(144).fill(2), [12, 12]), map(new Array(144).fill(2), [12, 12])),
    ).toBe(1);
  });
});

describe('weightRandomisation', () => {
  it('reports each stage from the head downwards', async () => {
    const explain = async () => ramp(1);
    const stages = await weightRandomisation(
      explain,
      [
        { downTo: 'fc', explain },
        { downTo: 'layer4', explain: async () => ramp(-1) },
      ],
      map([1, 2, 3], [3, 1, 1]),
      0,
    );
    expect(stages.map((stage) => stage.downTo)).toEqual(['fc', 'layer4']);
    expect(stages[0]!.spearman).toBeCloseTo(1, 12);
    expect(stages[1]!.spearman!).toBeLessThan(0.1);
  });

  it('refuses to pass without a randomised model', async () => {
    await expect(weightRandomisation(async () => ramp(1), [], map([1], [1, 1, 1]), 0)).rejects.toThrow(
      OptionError,
    );
  });
});

describe('headRandomisation', () => {
  const activations = map([1, 0, 0, 0, 0, 0, 0, 1], [2, 2, 2]);

  it('sees no change in a method that ignores the head, and change in one that uses it', async () => {
    const ignoring = await headRandomisation((a) => view(pack(a).slice(0, 4), [2, 2]), activations, [1, -1]);
    expect(ignoring.every((similarity) => similarity.pearson! > 0.999)).toBe(true);
    const using = await headRandomisation(
      (a, w) =>
        view(
          Float32Array.from({ length: 4 }, (_, i) => w.data[0]! * a.data[i]! + w.data[1]! * a.data[4 + i]!),
          [2, 2],
        ),
      activations,
      [1, -1],
    );
    expect(using.some((similarity) => similarity.pearson! < -0.999)).toBe(true);
  });
});

describe('classSensitivity and mapSimilarity', () => {
  it('compare the maps of two classes', async () => {
    const result = await classSensitivity(async (_, c) => ramp(c === 0 ? 1 : -1), map([1], [1, 1, 1]), 0, 1);
    expect(Math.abs(result.pearson!)).toBeLessThan(0.01);
    await expect(classSensitivity(async () => ramp(1), map([1], [1, 1, 1]), 2, 2)).rejects.toThrow(
      OptionError,
    );
  });

  it('leave SSIM out for maps below 11×11 rather than redefine it', () => {
    expect(mapSimilarity(map([1, 2], [1, 2]), map([1, 2], [1, 2])).ssim).toBeUndefined();
  });
});
