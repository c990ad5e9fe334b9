import { describe, expect, it } from 'vitest';
import { crossLayerHybrid, hybrid, methodNames, methods, OptionError } from '../../src/index.ts';

describe('methods', () => {
  it('methods describes every method explain knows, in kebab case', () => {
    expect(Object.keys(methods)).toEqual([...methodNames]);
    for (const name of methodNames) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      const { title, paper, needs, layers, variants } = methods[name];
      expect(title).not.toBe('');
      expect(paper).not.toBe('');
      expect(['activations', 'gradients', 'head', 'forwards', 'shares', 'attention', 'blocks']).toContain(
        needs,
      );
      expect([0, 1, 2]).toContain(layers);
      expect(variants[0]).toBe('paper');
    }
  });

  it('methods.hybrid.bibtex cites both parents', () => {
    expect(methods.hybrid.bibtex).toMatch(
      /@inproceedings\{selvaraju2017gradcam,[\s\S]*@article\{jiang2021layercam,/,
    );
  });
});

describe('hybrid', () => {
  it('hybrid() is a plain description with alpha 0.7', () => {
    expect(hybrid()).toEqual({ name: 'hybrid', alpha: 0.7 });
    expect(crossLayerHybrid({ alpha: 0 })).toEqual({ name: 'cross-layer-hybrid', alpha: 0 });
  });

  it('hybrid({ alpha }) refuses an alpha outside [0, 1] at once', () => {
    expect(() => hybrid({ alpha: 2 })).toThrow(OptionError);
    expect(() => crossLayerHybrid({ alpha: -1 })).toThrow(OptionError);
  });
});
