import { ClassNotFoundError, OptionError } from '@hybridcam/core';
import { imagenetClasses } from '@hybridcam/zoo';
import { describe, expect, it } from 'vitest';
import { parseClassChoice } from '../src/class-choice.ts';

const LABELS = ['n01_a', 'n02123045_tabby', 'n02123159_tiger_cat', 'crane, bird', 'crane, machine', 'Café'];
const choose = (text: string) => parseClassChoice(text, LABELS.length, LABELS);

describe('parseClassChoice', () => {
  it('reads top1 and topN, and refuses more than there are classes', () => {
    expect(choose('top1')).toEqual({ kind: 'top', count: 1 });
    expect(choose('TOP3')).toEqual({ kind: 'top', count: 3 });
    expect(choose('top6')).toEqual({ kind: 'top', count: 6 });
    for (const bad of ['top0', 'top7', 'top99']) {
      expect(() => choose(bad)).toThrow(OptionError);
      expect(() => choose(bad)).toThrow(`top6, as many as the model has classes; received "${bad}"`);
    }
  });
  it('reads an index from 0 and refuses any other number', () => {
    expect(choose('0')).toEqual({ kind: 'index', index: 0 });
    expect(choose('5')).toEqual({ kind: 'index', index: 5 });
    for (const bad of ['6', '-1', '1.5', '1000000000']) expect(() => choose(bad)).toThrow(ClassNotFoundError);
  });
  it('finds a label without WordNet number, in any case, with spaces for underscores', () => {
    for (const text of ['tabby', 'Tabby', 'n02123045_tabby'])
      expect(choose(text)).toEqual({ kind: 'index', index: 1 });
    expect(choose('Tiger cat')).toEqual({ kind: 'index', index: 2 });
    expect(choose('machine')).toEqual({ kind: 'index', index: 4 });
    expect(choose('cafe\u0301')).toEqual({ kind: 'index', index: 5 });
  });
  it('refuses a name of two classes and lists them', () => {
    expect(() => choose('crane')).toThrow(
      /names 2: 3 \("crane, bird"\), 4 \("crane, machine"\)\. Give the index/,
    );
  });
  it('lists the classes that have an unknown name’s words, with their indices', () => {
    expect(() => choose('mach')).toThrow(
      'received "mach". One class has that in the name: 4 ("crane, machine").',
    );
    expect(() => parseClassChoice('Retriever', 1000, imagenetClasses)).toThrow(
      'received "Retriever". 5 classes have that in the name: 205 ("flat-coated retriever"), 206 ("curly-coated retriever"), 207 ("golden retriever"), 208 ("Labrador retriever, Labrador"), 209 ("Chesapeake Bay retriever").',
    );
    expect(() => parseClassChoice('terrier', 1000, imagenetClasses)).toThrow(/ and \d+ more\.$/);
  });
  it('suggests near labels for an unknown one', () => {
    expect(() => choose('tabbi')).toThrow(/received "tabbi"\. Did you mean "tabby"\?$/);
  });
  it('needs labels for names', () => {
    expect(() => parseClassChoice('tabby', 1000, undefined)).toThrow(/came without labels/);
    expect(parseClassChoice('7', 1000, undefined)).toEqual({ kind: 'index', index: 7 });
  });
});
