import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../src/index.ts';

const names = ['grad-cam', 'layer-cam', 'grad-cam-plus-plus', 'hybrid', 'xgrad-cam'];

describe('nearest', () => {
  it('nearest(name, candidates) puts spelling variants first', () => {
    expect(nearest('GradCAM', names)[0]).toBe('grad-cam');
    expect(nearest('gradcampp', names)[0]).toBe('grad-cam-plus-plus');
    expect(nearest('Grad-CAM++', names)[0]).toBe('grad-cam-plus-plus');
    expect(nearest('hybird', names)).toEqual(['hybrid']);
    expect(nearest('layercamm', names)).toEqual(['layer-cam']);
  });

  it('nearest finds a layer by part of its path', () => {
    expect(nearest('layer4', ['/layer3/relu', '/layer4/relu_2', '/fc'])).toEqual(['/layer4/relu_2']);
  });

  it('nearest gives nothing rather than something unlike', () => {
    expect(nearest('banana', names)).toEqual([]);
    expect(didYouMean('banana', names)).toBe('');
    expect(didYouMean('hybird', names)).toBe(' Did you mean "hybrid"?');
  });
});
