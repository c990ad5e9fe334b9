import { writeFileSync } from 'node:fs';
import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { checkLabelCount, parseLabels, readLabels } from '../src/labels.ts';
import { temporaryFolder } from './temporary-folder.ts';

const parse = (text: string): string[] => parseLabels(new TextEncoder().encode(text), 'labels.txt');

describe('parseLabels', () => {
  it('takes one name per line, with any line ending, byte order mark and trailing blank lines', () => {
    expect(parse('cat\ndog\n')).toEqual(['cat', 'dog']);
    expect(parse('\ufeffcat\r\n dog \r\n\r\n')).toEqual(['cat', 'dog']);
    expect(parse('cat\rdog\nfish\r\nbird')).toEqual(['cat', 'dog', 'fish', 'bird']);
    expect(() => parse('cat\n\rdog')).toThrow(/line 2 of .* is empty/);
    expect(parse('cat')).toEqual(['cat']);
  });
  it('takes a JSON array, and an object by index with names or [id, name] pairs', () => {
    expect(parse('["cat", "dog"]')).toEqual(['cat', 'dog']);
    expect(parse('{"1": "dog", "0": "cat"}')).toEqual(['cat', 'dog']);
    expect(parse('{"0": ["n02123045", "tabby"]}')).toEqual(['tabby']);
  });
  it('refuses a gap that would shift the classes behind it', () => {
    expect(() => parse('cat\n\ndog')).toThrow(/line 2 .* is empty/);
    expect(() => parse('{"0": "cat", "2": "dog"}')).toThrow(/"1" is missing/);
    expect(() => parse('["cat", 3]')).toThrow(/class 1 .* received 3/);
    expect(() => parse('["cat", ""]')).toThrow(OptionError);
  });
  it('refuses nothing, broken JSON and bytes that are not text', () => {
    expect(() => parse('')).toThrow(/holds none/);
    expect(() => parse('[]')).toThrow(/holds none/);
    expect(() => parse('["cat"')).toThrow(/valid JSON/);
    expect(() => parseLabels(Uint8Array.of(0xff, 0xfe, 0x41), 'x')).toThrow(/UTF-8/);
  });
  it('is not misled by keys of the object prototype', () => {
    expect(() => parse('{"__proto__": "x"}')).toThrow(/"0" is missing/);
  });
});

describe('readLabels', () => {
  it('reads a file and says which one is missing', async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/l.txt`, 'a\nb');
    await expect(readLabels(`${folder}/l.txt`)).resolves.toEqual(['a', 'b']);
    await expect(readLabels(`${folder}/none.txt`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(readLabels(folder)).rejects.toMatchObject({ code: 'IO' });
  });
});

describe('checkLabelCount', () => {
  it('passes one label per class and names both counts otherwise', () => {
    expect(checkLabelCount(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(() => checkLabelCount(['a', 'b'], 3)).toThrow(/expected 3 names.*received 2.*background class/);
    expect(() => checkLabelCount(['a', 'b'], 10)).toThrow(/label file of this model/);
  });
});
