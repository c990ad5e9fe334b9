import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { explainFlags } from '../../src/cli/explain/explain-flags.ts';
import { explainPlan } from '../../src/cli/explain/explain-plan.ts';
import { parseFlags } from '../../src/cli/flags.ts';

function plan(line: string) {
  const { flags, positionals } = parseFlags('explain', explainFlags, line.split(' '));
  return explainPlan(flags, positionals);
}

describe('explainPlan', () => {
  it('has the documented defaults', () => {
    expect(plan('a.jpg --model m.onnx')).toMatchObject({
      paths: ['a.jpg'],
      model: 'm.onnx',
      labels: undefined,
      layers: ['auto'],
      methods: [{ name: 'hybrid', alpha: 0.7 }],
      classText: 'top1',
      orientation: 'exif',
      normalize: undefined,
      preset: undefined,
      save: new Set(['overlay', 'record']),
      out: './hybridcam-out',
      limit: Number.POSITIVE_INFINITY,
      json: false,
      quiet: false,
    });
  });
  it('crosses alphas with the hybrids only, in the order typed', () => {
    expect(plan('a.jpg --model m --method grad-cam,hybrid --alpha 0,0.3,1').methods).toEqual([
      { name: 'grad-cam' },
      { name: 'hybrid', alpha: 0 },
      { name: 'hybrid', alpha: 0.3 },
      { name: 'hybrid', alpha: 1 },
    ]);
  });
  it('lets the notebook preset ignore EXIF, unless a flag says otherwise', () => {
    expect(plan('a.jpg --model m --preset notebook')).toMatchObject({
      preset: 'notebook',
      orientation: 'ignore',
    });
    expect(plan('a.jpg --model m --preset notebook --orientation exif')).toMatchObject({
      orientation: 'exif',
    });
  });
  it('takes --save none', () => {
    expect(plan('a.jpg --model m --save none').save.size).toBe(0);
  });

  const refused: [line: string, message: RegExp][] = [
    ['--model m', /expected images or folders; received none/],
    ['a.jpg --model m --method gradcam', /--method.*Did you mean "grad-cam"/],
    ['a.jpg --model m --alpha 1.1', /--alpha: expected a number from 0 to 1; received "1.1"/],
    ['a.jpg --model m --alpha -0.1', /--alpha/],
    ['a.jpg --model m --alpha nan', /--alpha/],
    ['a.jpg --model m --alpha 0.5,0.50', /each value once/],
    ['a.jpg --model m --method grad-cam --alpha 0.5', /would do nothing/],
    ['a.jpg --model m --save cam --colormap jet', /would do nothing/],
    ['a.jpg --model m --save heatmap --opacity 0.5', /would do nothing/],
    ['a.jpg --model m --preset notbook', /Did you mean "notebook"/],
    ['a.jpg --model m --preprocess torchvison', /Did you mean "torchvision"/],
    ['a.jpg --model m --normalize minmx', /Did you mean "minmax"/],
    ['a.jpg --model m --orientation exfi', /--orientation/],
    ['a.jpg --model m --save overlay,overlays', /Did you mean "overlay"/],
    ['a.jpg --model m --colormap virids', /Did you mean "viridis"/],
    ['a.jpg --model m --opacity 2', /from 0 to 1/],
    ['a.jpg --model m --limit 0', /whole number of at least 1/],
    ['a.jpg --model m --crop 0', /--crop/],
    ['a.jpg --model m --channels gbr', /--channels/],
  ];
  it.each(refused)('refuses %s', (line, message) => {
    expect(() => plan(line)).toThrow(OptionError);
    expect(() => plan(line)).toThrow(message);
  });
});
