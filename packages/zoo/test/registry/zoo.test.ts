import { readFileSync } from 'node:fs';
import { OptionError } from '@hybridcam/core';
import { presets } from '@hybridcam/image';
import { sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { imagenetClasses, searchClasses, zoo, zooEntry } from '../../src/index.ts';

describe('zoo', () => {
  it('resnet50 is torchvision’s IMAGENET1K_V1: file, size and hash as published', () => {
    expect(zoo.resnet50.checkpoint).toMatchObject({
      url: 'https://download.pytorch.org/models/resnet50-0676ba61.pth',
      bytes: 102_530_333,
      sha256: '0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a',
      license: 'BSD-3-Clause',
    });
  });

  it.each(Object.entries(zoo))('%s: name, network, classes, hash and preprocessing agree', (name, entry) => {
    const { checkpoint, classes } = entry;
    expect(entry.name).toBe(name);
    expect(entry.network().name).toBe(name);
    expect(classes).toHaveLength(entry.network().classCount);
    // PyTorch's own convention: the first eight digits of the hash are in the name, and are what torch.hub checks.
    expect(checkpoint.fileName).toBe(`${name}-${checkpoint.sha256.slice(0, 8)}.pth`);
    expect(checkpoint.sha256).toMatch(/^([0-9a-f]{8}|[0-9a-f]{64})$/);
    expect(presets[entry.preprocessing]).toBeDefined();
  });

  it('zooEntry names the nearest model; inherited names are no models', () => {
    expect(() => zooEntry('resnet5')).toThrow(OptionError);
    expect(() => zooEntry('resnet5')).toThrow(/Did you mean .*resnet50/);
    expect(() => zooEntry('constructor')).toThrow(OptionError);
  });
});

describe('imagenetClasses', () => {
  it('has 1000 classes whose names are all different', () => {
    const names = imagenetClasses.flatMap((label) =>
      label.split(',').map((name) => name.trim().toLowerCase()),
    );
    expect(imagenetClasses).toHaveLength(1000);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z][a-z .'-]*$/.test(name))).toBe(true);
    expect(imagenetClasses.join('\n').length).toBeLessThan(14_000);
  });

  it.skipIf(!sharedFolder())('stands in ILSVRC’s order (needs ../shared)', () => {
    const synsets = readFileSync(sharedFile('models/imagenet_classes.txt'), 'utf8').trim().split('\n');
    const renamed: Record<number, string> = {
      264: 'cardigan corgi',
      517: 'construction crane',
      639: 'tank suit',
    };
    synsets.forEach((line, index) => {
      const name = renamed[index] ?? line.slice(10).replaceAll('_', ' ').toLowerCase();
      const names = imagenetClasses[index]!.toLowerCase().split(', ');
      expect(names, `class ${index}`).toContain(name);
    });
  });
});

describe('searchClasses', () => {
  it('finds a whole name before a word before a part of one', () => {
    expect(searchClasses('tabby')).toEqual([{ classIndex: 281, name: 'tabby' }]);
    expect(searchClasses('crane').map(({ classIndex }) => classIndex)).toEqual([134, 517]);
    expect(searchClasses('Tiger')[0]).toEqual({ classIndex: 292, name: 'tiger' });
    expect(
      searchClasses('bee')
        .map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['bee', 'bee-eater']);
  });

  it('cares for neither case nor hyphens nor the order of words; nothing finds nothing', () => {
    expect(searchClasses('cat Siamese')[0]?.classIndex).toBe(284);
    expect(searchClasses('PING_PONG ball')[0]?.classIndex).toBe(722);
    expect(searchClasses('  ')).toEqual([]);
    expect(searchClasses('quokka')).toEqual([]);
  });

  it('searches other classes too', () => {
    expect(searchClasses('b', ['ab', 'b', 'a b'])).toEqual([
      { classIndex: 1, name: 'b' },
      { classIndex: 2, name: 'a b' },
      { classIndex: 0, name: 'ab' },
    ]);
  });
});
