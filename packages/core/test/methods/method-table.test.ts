import { describe, expect, it } from 'vitest';
import { ablationCamVariants } from '../../src/methods/ablation-cam.ts';
import { femVariants } from '../../src/methods/fem.ts';
import { gradCamPlusPlusVariants } from '../../src/methods/grad-cam-plus-plus.ts';
import { isCamVariants } from '../../src/methods/is-cam.ts';
import { layerFormulas } from '../../src/methods/layer-formulas.ts';
import { methodNames, methodTable } from '../../src/methods/method-table.ts';
import { plainFormulas } from '../../src/methods/plain-formulas.ts';
import { plainMethods } from '../../src/methods/plain-methods.ts';
import { smoothGradCamPlusPlusVariants } from '../../src/methods/smooth-grad-cam-plus-plus.ts';
import { smoothedFormulas } from '../../src/methods/smoothed-formulas.ts';
import { xGradCamVariants } from '../../src/methods/x-grad-cam.ts';

describe('methodTable', () => {
  it('has the variants of the functions, which do not come with it', () => {
    const variants = {
      'ablation-cam': ablationCamVariants,
      fem: femVariants,
      'grad-cam-plus-plus': gradCamPlusPlusVariants,
      'is-cam': isCamVariants,
      'smooth-grad-cam-plus-plus': smoothGradCamPlusPlusVariants,
      'xgrad-cam': xGradCamVariants,
    };
    for (const [name, own] of Object.entries(variants)) {
      expect(methodTable[name as keyof typeof variants].variants, name).toEqual(own);
    }
  });

  it('says of every method who computes it, and there it is', () => {
    for (const name of methodNames) {
      const { mixes, probes, sums } = methodTable[name];
      expect(name in layerFormulas, name).toBe(!mixes && !probes);
      expect(name in smoothedFormulas, name).toBe(sums === true);
    }
    expect(Object.keys(plainFormulas)).toEqual(
      Object.entries(plainMethods).flatMap(([name, { mixes }]) => (mixes ? [] : [name])),
    );
  });
});
