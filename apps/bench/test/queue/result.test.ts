import { gzipSync } from 'node:zlib';
import { IntegrityError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { type ExpectedImage, packResults, unpackResults } from '../../src/queue/result.ts';
import type { ImageResult } from '../../src/records/run-folder.ts';

const identity = {
  method: 'hybrid',
  params: { alpha: 0.7 },
  layer: 'layer4.2',
  metric: 'insertion',
  preset: 'rise',
};
const record = {
  v: 1,
  key: 'k',
  image: 'cat.jpg',
  sha256: 'abc',
  class: 281,
  p: 0.9,
  ...identity,
  value: 0.5,
  f0: 0.1,
  f1: 0.9,
  ties: 0,
  flags: [],
} as const;
const result = {
  records: [record],
  curves: [{ v: 1, key: 'k', x: [0, 1], y: [0.1, 0.9] }],
  picture: {
    v: 1,
    key: 'abc',
    image: 'cat.jpg',
    picture: 'aGk=',
    maps: [{ title: 'hybrid', shape: [7, 7], data: 'aGk=' }],
  },
} as const satisfies ImageResult;
const failure = { v: 1, key: 'f', image: 'cat.jpg', error: { code: 'IMAGE_FORMAT', message: 'no' } } as const;
const expected: ExpectedImage[] = [
  { name: 'cat.jpg', sha256: 'abc', records: () => new Map([['k', identity]]) },
];
const pack = (results: unknown) => gzipSync(JSON.stringify(results)).toString('base64');

describe('packResults and unpackResults', () => {
  it('bring numbers, curves, pictures and failures back as they were', async () => {
    expect(await unpackResults(await packResults([result]), expected)).toEqual([result]);
    const failed = { records: [], curves: [], failure };
    expect(await unpackResults(await packResults([failed]), expected)).toEqual([failed]);
    const absent = { ...result, records: [{ ...record, value: null, flags: ['no-mask'] }] };
    expect(await unpackResults(await packResults([absent]), expected)).toEqual([absent]);
  });

  it.each([
    ['no text', { results: [] }],
    ['text that is not packed', 'hello'],
    ['a truncated pack', pack([result]).slice(0, 40)],
    ['JSON of another shape', pack({ records: [] })],
    ['a bomb', gzipSync(Buffer.alloc(70 * 2 ** 20)).toString('base64')],
    ['no image', pack([])],
    ['an image too many', pack([result, result])],
    ['a missing record', pack([{ ...result, records: [], curves: [] }])],
    ['a record twice', pack([{ ...result, records: [record, record] }])],
    ['a record with another key', pack([{ ...result, records: [{ ...record, key: 'other' }] }])],
    ['a record of another image', pack([{ ...result, records: [{ ...record, image: 'dog.jpg' }] }])],
    ['a record of other bytes', pack([{ ...result, records: [{ ...record, sha256: 'def' }] }])],
    ['a record of another method', pack([{ ...result, records: [{ ...record, method: 'grad-cam' }] }])],
    ['a record of another alpha', pack([{ ...result, records: [{ ...record, params: { alpha: 1 } }] }])],
    ['a value that is text', pack([{ ...result, records: [{ ...record, value: '<script>' }] }])],
    ['a field that is not ours', pack([{ ...result, html: '<script>' }])],
    ['a curve without a record', pack([{ ...result, curves: [{ v: 1, key: 'z', x: [0], y: [0] }] }])],
    ['a curve with a missing point', pack([{ ...result, curves: [{ v: 1, key: 'k', x: [0, 1], y: [0] }] }])],
    [
      'a picture that is markup',
      pack([{ ...result, picture: { ...result.picture, picture: '"><script>' } }]),
    ],
    ['the picture of another image', pack([{ ...result, picture: { ...result.picture, key: 'def' } }])],
    [
      'the failure of another image',
      pack([{ records: [], curves: [], failure: { ...failure, image: 'x' } }]),
    ],
    ['numbers beside a failure', pack([{ ...result, failure }])],
  ])('refuse %s', async (_, packed) => {
    await expect(unpackResults(packed, expected)).rejects.toThrow(IntegrityError);
  });
});
