import { OptionError, UnsupportedError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { runFlags } from '../../src/commands/run-flags.ts';
import { checkJob, JOB_FLAGS, JOB_LIMITS, JOB_VERSION } from '../../src/queue/job.ts';

const hash = 'a'.repeat(64);
const file = { kind: 'file', name: 'cat.jpg', sha256: hash };
const good = {
  version: JOB_VERSION,
  protocolHash: 'p',
  sources: ['http://127.0.0.1:8080/'],
  model: { ...file, external: [] },
  labels: null,
  flags: { method: 'grad-cam', batch: 'auto', crop: '224' },
  items: [file, { kind: 'scene', index: 3 }, { kind: 'scene', index: 3, scene: 'clever-hans' }],
  pictures: false,
};

/** Nested `depth` times, as only a parser without recursion survives. */
function nested(depth: number): unknown {
  return JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
}

describe('checkJob', () => {
  it('takes hashes, names and flags', () => {
    expect(checkJob(structuredClone(good))).toEqual(good);
    expect(checkJob({ ...good, model: { kind: 'named', name: 'resnet50' } }).model).toEqual({
      kind: 'named',
      name: 'resnet50',
    });
  });

  it('takes settings by their value, however many digits a fraction has', () => {
    for (const method of ['rise:masks=99999', 'rise:masks=1e3:visible=0.1234567', 'score-cam:variant=paper'])
      expect(checkJob({ ...good, flags: { method } }).flags).toEqual({ method });
  });

  it('refuses another version as one that another worker may do', () => {
    expect(() => checkJob({ ...good, version: 99 })).toThrow(UnsupportedError);
    expect(() => checkJob({ version: 1 })).toThrow('must be of one version');
  });

  it.each([
    ['a version that is no number', { version: '2' }],
    ['a field that is not ours', { code: 'process.exit()' }],
    ['a path for a model', { model: '/etc/passwd' }],
    ['a path for a hash', { model: { ...file, external: [], sha256: '/etc/passwd' } }],
    ['a file as a named model', { model: { kind: 'named', name: './model.onnx' } }],
    ['a folder as a named model', { model: { kind: 'named', name: 'models' } }],
    ['a hash in capitals', { items: [{ ...file, sha256: 'A'.repeat(64) }] }],
    ['a source that is a file', { sources: ['file:///etc/passwd'] }],
    ['a source that is a path', { sources: ['/etc'] }],
    ['a source without a host', { sources: ['http:///etc'] }],
    ['a source with a line break', { sources: ['http://a/\nHost: b'] }],
    ['an address that is a file', { items: [{ ...file, url: 'file:///etc/passwd' }] }],
    ['a flag that names a file', { flags: { model: '/etc/passwd' } }],
    ['a flag that names a folder', { flags: { out: '/tmp' } }],
    ['a flag that names a prototype', { flags: JSON.parse('{"__proto__": "x"}') }],
    ['a flag of another type', { flags: { method: { toString: 'x' } } }],
    ['a method that takes for ever', { flags: { method: 'rise:masks=100000' } }],
    ['one with an exponent', { flags: { method: 'rise:masks=1e9' } }],
    ['one in capitals, behind another', { flags: { method: 'grad-cam,rise:seed=1:masks= +.1E10 ' } }],
    ['a crop that fills the memory', { flags: { crop: '99999' } }],
    ['a batch that fills the memory', { flags: { batch: '1000000' } }],
    ['an item of another kind', { items: [{ kind: 'eval', code: '1' }] }],
    ['an item with a path', { items: [{ ...file, sha256: '../x' }] }],
    ['a negative scene', { items: [{ kind: 'scene', index: -1 }] }],
    ['a scene beyond whole numbers', { items: [{ kind: 'scene', index: 1e300 }] }],
    ['a box that is no box', { items: [{ ...file, box: [1, 2, 'x', 4] }] }],
    ['a box of five', { items: [{ ...file, box: [1, 2, 3, 4, 5] }] }],
    ['a class that is no index', { items: [{ ...file, class: 1.5 }] }],
    ['no items', { items: [] }],
    [
      'too many items',
      { items: Array.from({ length: JOB_LIMITS.items + 1 }, () => ({ kind: 'scene', index: 1 })) },
    ],
    ['too many sources', { sources: Array.from({ length: 17 }, () => 'http://a') }],
    ['oversized text', { protocolHash: 'x'.repeat(JOB_LIMITS.textLength + 1) }],
    ['nesting without end', { items: nested(200_000) }],
    ['megabytes', { flags: { method: 'x'.repeat(5_000_000) } }],
  ])('refuses %s, in one short line', (_, change) => {
    let message = '';
    try {
      checkJob({ ...good, ...change });
    } catch (error) {
      expect(error).toBeInstanceOf(OptionError);
      message = (error as Error).message;
    }
    expect(message).toContain('expected a job of ours');
    expect(message.length).toBeLessThan(500);
  });

  it('refuses what is no object at all', () => {
    for (const payload of [null, 1, 'x', [], undefined, nested(200_000)])
      expect(() => checkJob(payload)).toThrow(OptionError);
  });
});

describe('JOB_FLAGS', () => {
  it('leaves to the submitter only what names files and folders, or decides nothing about a value', () => {
    const submitterOnly = Object.keys(runFlags).filter(
      (name) => !(JOB_FLAGS as readonly string[]).includes(name),
    );
    expect(submitterOnly.sort()).toEqual([
      'device',
      'holdout',
      'images',
      'labels',
      'limit',
      'model',
      'offline',
      'out',
      'queue',
      'queue-prefix',
      'quiet',
      'reference',
      'resume',
      'runtime',
      'scene-kind',
      'serve',
      'shard',
      'shard-size',
      'source',
      'weights',
    ]);
  });
});
