import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { checkJob, JOB_LIMITS } from '../../src/queue/job.ts';

const hash = 'a'.repeat(64);
const good = {
  version: 1,
  protocolHash: 'p',
  sources: ['http://127.0.0.1:8080/'],
  model: hash,
  modelName: '../../etc/passwd',
  flags: { method: 'grad-cam' },
  items: [
    { kind: 'file', name: 'cat.jpg', sha256: hash },
    { kind: 'scene', index: 3 },
  ],
  pictures: false,
};

describe('checkJob', () => {
  it('takes hashes and flags, and makes names harmless', () => {
    expect(checkJob(good)).toMatchObject({
      sources: ['http://127.0.0.1:8080'],
      modelName: '.._.._etc_passwd',
    });
  });

  it.each([
    ['another version', { version: 2 }],
    ['a path for a hash', { model: '/etc/passwd' }],
    ['a hash in capitals', { model: 'A'.repeat(64) }],
    ['a source that is a file', { sources: ['file:///etc/passwd'] }],
    ['a flag that names a file', { flags: { model: '/etc/passwd' } }],
    ['a flag that names a folder', { flags: { out: '/tmp' } }],
    ['a flag of another type', { flags: { method: { toString: 'x' } } }],
    ['an item of another kind', { items: [{ kind: 'eval', code: '1' }] }],
    ['an item with a path', { items: [{ kind: 'file', name: 'x', sha256: '../x' }] }],
    ['a negative scene', { items: [{ kind: 'scene', index: -1 }] }],
    ['a box that is no box', { items: [{ kind: 'file', name: 'x', sha256: hash, box: [1, 2, 'x', 4] }] }],
    [
      'too many items',
      { items: Array.from({ length: JOB_LIMITS.items + 1 }, () => ({ kind: 'scene', index: 1 })) },
    ],
    ['oversized text', { protocolHash: 'x'.repeat(JOB_LIMITS.textLength + 1) }],
  ])('refuses %s', (_, change) => {
    expect(() => checkJob({ ...good, ...change })).toThrow(OptionError);
  });

  it('refuses what is no object at all', () => {
    for (const payload of [null, 1, 'x', [], undefined]) expect(() => checkJob(payload)).toThrow(OptionError);
  });
});
