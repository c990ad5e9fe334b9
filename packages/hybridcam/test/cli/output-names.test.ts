import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputNames, safePart } from '../../src/cli/output-names.ts';

describe('createOutputNames', () => {
  it('joins NAME[.LAYER][.cINDEX].METHOD[.aALPHA], leaving out what was not given', () => {
    const names = createOutputNames();
    expect(names.explanation({ image: 'cat', method: 'grad-cam' })).toBe('cat.grad-cam');
    expect(names.explanation({ image: 'cat', method: 'hybrid', alpha: 0.7 })).toBe('cat.hybrid.a0.7');
    expect(names.explanation({ image: 'cat', method: 'hybrid', alpha: 1 })).toBe('cat.hybrid.a1');
    expect(
      names.explanation({ image: 'cat', layer: 'layer4.2', classIndex: 281, method: 'hybrid', alpha: 0.25 }),
    ).toBe('cat.layer4.2.c281.hybrid.a0.25');
  });
  it('names an image after its file, without folder and extension', () => {
    const names = createOutputNames();
    expect(names.image('/photos/My cat.JPEG')).toBe('My_cat');
    expect(names.image('a/b/archive.tar.png')).toBe('archive.tar');
    expect(names.image('.hidden')).toBe('hidden');
    expect(names.image('Übermut.png')).toBe('Ubermut');
    expect(names.image('図.png')).toBe('image');
    expect(names.image('猫 кошка.jpg')).toBe('koshka');
    expect(names.image('Кошка 2.jpg')).toBe('Koshka_2');
    expect(names.image('고양이.webp')).toBe('goyangi');
    expect(names.image('Koshka.jpg')).toBe('Koshka-2');
    expect(names.image('猫.jpg')).toBe('image-2');
  });
  it('gives a second image of one name -2, whatever the case', () => {
    const names = createOutputNames();
    expect(['x/cat.jpg', 'y/Cat.png', 'cat-2.jpg', 'z/cat.jpg'].map((path) => names.image(path))).toEqual([
      'cat',
      'Cat-2',
      'cat-2-2',
      'cat-3',
    ]);
  });
  it('keeps layers apart that reduce to one name, and keeps each the same for all images', () => {
    const names = createOutputNames();
    const of = (image: string, layer: string): string => names.explanation({ image, layer, method: 'm' });
    expect([of('a', 'x/y'), of('a', 'x:y'), of('b', 'x/y'), of('b', 'x:y')]).toEqual([
      'a.x_y.m',
      'a.x_y-2.m',
      'b.x_y.m',
      'b.x_y-2.m',
    ]);
  });
  it('keeps explanations apart whose parts join to one name', () => {
    const names = createOutputNames();
    expect(names.explanation({ image: 'cat', classIndex: 1, method: 'm' })).toBe('cat.c1.m');
    expect(names.explanation({ image: 'cat.c1', method: 'm' })).toBe('cat.c1.m-2');
  });
});

describe('safePart', () => {
  it('is a portable file name for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(safePart(text, 'image')).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,100}$/);
      }),
    );
  });
  it('keeps what is safe as it is', () => {
    expect(safePart('_MG_1234-b.2', 'image')).toBe('_MG_1234-b.2');
    expect(safePart('/layers.39/Clip_output_0', 'layer')).toBe('layers.39_Clip_output_0');
  });
  it('disarms climbing, flags, control characters and device names', () => {
    expect(safePart('../../etc/passwd', 'image')).toBe('etc_passwd');
    expect(safePart('-rf', 'image')).toBe('rf');
    expect(safePart('a\u001b[31mb\n', 'image')).toBe('a_31mb');
    expect(safePart('CON', 'image')).toBe('_CON');
    expect(safePart('nul.txt', 'image')).toBe('_nul.txt');
  });
});
