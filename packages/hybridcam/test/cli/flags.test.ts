import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/cli/flags.ts';

const TABLE = {
  model: { value: 'FILE', help: '' },
  mean: { value: 'R,G,B', help: '' },
  out: { value: 'FILE', short: 'o', help: '' },
  json: { help: '' },
} as const;
const parse = (...args: string[]) => parseFlags('explain', TABLE, args);

describe('parseFlags', () => {
  it('reads values, switches, short flags, = and positionals in any order', () => {
    expect(parse('a.jpg', '--model', 'm.onnx', '--json', '-o', 'x', 'b.jpg')).toEqual({
      flags: { model: 'm.onnx', json: true, out: 'x' },
      positionals: ['a.jpg', 'b.jpg'],
    });
    expect(parse('--model=m.onnx').flags).toEqual({ model: 'm.onnx' });
  });
  it('takes everything behind -- as a name', () => {
    expect(parse('--', '-odd.jpg', '--json')).toEqual({ flags: {}, positionals: ['-odd.jpg', '--json'] });
  });
  it('takes negative numbers as values', () => {
    expect(parse('--mean', '-1,0,.5').flags).toEqual({ mean: '-1,0,.5' });
    expect(parse('--mean', '-.5,0,1').flags).toEqual({ mean: '-.5,0,1' });
  });
  it('refuses an unknown flag and names the nearest', () => {
    expect(() => parse('--modle', 'x')).toThrow('explain: unknown flag --modle. Did you mean "--model"?');
    expect(() => parse('--zzz')).toThrow(/See hybridcam explain --help/);
    expect(() => parse('-x')).toThrow(OptionError);
    expect(() => parse('--constructor')).toThrow(/unknown flag/);
  });
  it('refuses a flag given twice', () => {
    expect(() => parse('--json', '--json')).toThrow(/--json once/);
    expect(() => parse('--mean', '1', '--mean', '2')).toThrow(/separate.*commas/i);
  });
  it('refuses a flag without its value', () => {
    expect(() => parse('--model')).toThrow(/expected --model FILE; received nothing/);
    expect(() => parse('--model', '--json')).toThrow(/received the flag --json/);
    expect(() => parse('--model=')).toThrow(/received nothing/);
    expect(() => parse('-o')).toThrow(/-o FILE/);
  });
  it('refuses a switch with a value', () => {
    expect(() => parse('--json=yes')).toThrow(/takes no value; received "yes"/);
  });
});
