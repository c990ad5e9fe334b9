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
  it('reads a method’s variant and settings behind its name', () => {
    expect(
      plan('a.jpg --method score-cam:channels=32,grad-cam-plus-plus:variant=torchcam,rise:masks=9:seed=1')
        .methods,
    ).toEqual([
      { name: 'score-cam', settings: { channels: 32 } },
      { name: 'grad-cam-plus-plus', variant: 'torchcam' },
      { name: 'rise', settings: { masks: 9, seed: 1 } },
    ]);
    expect(plan('a.jpg --method occlusion:baseline=-1.5').methods).toEqual([
      { name: 'occlusion', settings: { baseline: -1.5 } },
    ]);
  });
  it('reads --fuse, --smooth, --batch and the libraries’ presets', () => {
    expect(
      plan('a.jpg --layer x,y --fuse product --smooth eigen,augmentation --batch 4 --preset torchcam'),
    ).toMatchObject({
      fuse: 'product',
      smooth: new Set(['eigen', 'augmentation']),
      batchSize: 4,
      preset: 'torchcam',
      orientation: 'exif',
    });
  });
  it('reads --target', () => {
    const made = (text: string) => plan(`a.jpg --target ${text}`).target!.make(3, Number).description;
    expect(plan('a.jpg').target).toBeUndefined();
    expect(made('logit')).toBe('logit(3)');
    expect(made('probability')).toBe('probability(3)');
    expect(made('rest')).toBe('rest(3)');
    expect(made('finer')).toBe('finer(3, 3 references, strength 0.6, torchcam)');
    expect(made('finer:references=1:strength=0.5:variant=pytorch-grad-cam')).toBe(
      'finer(3, 1 references, strength 0.5, pytorch-grad-cam)',
    );
    expect(made('margin:4')).toBe('margin(3, 4)');
    expect(made('counterfactual')).toBe('counterfactual(logit(3))');
    expect(made('counterfactual:margin:4')).toBe('counterfactual(margin(3, 4))');
  });
  it('takes --save none', () => {
    expect(plan('a.jpg --model m --save none').save.size).toBe(0);
  });

  const refused: [line: string, message: RegExp][] = [
    ['--model m', /expected images or folders; received none/],
    ['a.jpg --model m --method gradcam', /--method.*Did you mean "grad-cam"/],
    ['a.jpg --method score-cam:chanels=3', /of score-cam; received "chanels". Did you mean "channels"/],
    ['a.jpg --method grad-cam:channels=3', /expected variant of grad-cam; received "channels"/],
    ['a.jpg --method hybrid:alpha=0.3', /Alpha has a flag of its own, --alpha/],
    ['a.jpg --method rise:masks', /expected KEY=VALUE behind rise; received "masks"/],
    ['a.jpg --method rise:masks=', /KEY=VALUE/],
    ['a.jpg --method rise:masks=1=2', /KEY=VALUE/],
    ['a.jpg --method rise:masks=ten', /rise:masks: expected a number/],
    ['a.jpg --method rise:masks=1:masks=2', /expected masks of rise once/],
    ['a.jpg --method fem:variant=torchcam', /fem:variant: expected one of paper, pytorch-grad-cam/],
    ['a.jpg --method guided-grad-cam', /another method than guided-grad-cam: its picture stays the same/],
    ['a.jpg --method finer-cam', /--target finer/],
    ['a.jpg --method refine-cam', /--fuse product --normalize minmax/],
    ['a.jpg --target logits', /--target: expected a known name; received "logits". Did you mean "logit"/],
    ['a.jpg --target logit:2', /expected nothing behind logit/],
    ['a.jpg --target margin', /expected the class to be told from behind margin/],
    ['a.jpg --target finer:references=0', /finer:references: expected a whole number of at least 1/],
    ['a.jpg --target finer:strength=-1', /finer:strength: expected a number at least 0/],
    ['a.jpg --target finer:strength=1:strength=1', /expected strength of finer once/],
    ['a.jpg --target finer:variant=author', /finer:variant/],
    ['a.jpg --target finer:references', /expected KEY=VALUE behind finer/],
    ['a.jpg --target counterfactual:x', /--target/],
    [
      'a.jpg --method eigen-cam,fem --target probability',
      /--target: expected a method that looks at the class/,
    ],
    ['a.jpg --method rise:masks=x', /rise:masks: expected a number; received "x"/],
    ['a.jpg --layer x --fuse mean', /--fuse: expected several layers in --layer/],
    ['a.jpg --layer x,y --fuse sum', /--fuse/],
    ['a.jpg --smooth eigen,eigen', /each name once/],
    ['a.jpg --batch 0', /--batch/],
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
