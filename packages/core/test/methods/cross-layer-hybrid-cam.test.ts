import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { crossLayerHybridCam, fuse, hybridCam, OptionError, upsample, view } from '../../src/index.ts';
import { activations, gradients } from './toy-layer.ts';

describe('crossLayerHybridCam', () => {
  const one = view(Float32Array.of(1), [1]);
  const coarse = { activations: view(Float32Array.of(1, 3), [1, 1, 2]), gradients: one };
  const fine = { activations: view(Float32Array.of(4, 0, 2, 4), [1, 1, 4]), gradients: one };

  it('crossLayerHybridCam upsamples both parents to the finer layer, then fuses', () => {
    // ↑[1, 3] to four cells = [1, 1.5, 2.5, 3]
    const expected = [1, 1.5, 2.5, 3].map((c, i) => (c / 3) ** 0.7 * ([4, 0, 2, 4][i]! / 4) ** 0.3);
    expectClose(crossLayerHybridCam(coarse, fine), [expected], { relative: 1e-6 });
  });

  it('crossLayerHybridCam(…, { height, width }) fuses at that size, which is not the fused map upsampled', () => {
    const at = crossLayerHybridCam(coarse, fine, { alpha: 0.5, height: 3, width: 8 });
    const parents = [coarse, fine].map((layer) =>
      upsample(view(layer.activations.data, [1, layer.activations.size]), 3, 8),
    );
    expectClose(at, fuse(parents[0]!, parents[1]!, 0.5));
    const after = upsample(crossLayerHybridCam(coarse, fine, { alpha: 0.5 }), 3, 8);
    expect(() => expectClose(at, after, { absolute: 1e-3 })).toThrow();
  });

  it('crossLayerHybridCam of one layer with itself is hybridCam', () => {
    const layer = { activations, gradients };
    expectClose(
      crossLayerHybridCam(layer, layer, { alpha: 0.3 }),
      hybridCam(activations, gradients, { alpha: 0.3 }),
    );
  });

  it('crossLayerHybridCam refuses an impossible size', () => {
    expect(() => crossLayerHybridCam(coarse, fine, { height: 0 })).toThrow(OptionError);
  });
});
