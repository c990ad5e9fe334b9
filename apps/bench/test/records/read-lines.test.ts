import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readLines } from '../../src/records/read-lines.ts';

let file: string;
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'bench-lines-')), 'a.jsonl');
});

async function all(text: string | undefined, whose: 'ours' | "people's" = 'ours'): Promise<unknown[]> {
  if (text !== undefined) writeFileSync(file, text);
  const lines = [];
  for await (const { value } of readLines(file, whose)) lines.push(value);
  return lines;
}

describe('readLines', () => {
  it('reads lines with their numbers, whatever ends them', async () => {
    writeFileSync(file, '{"a":1}\r\n{"a":"zwei\u2028"}\n[3]');
    const lines = [];
    for await (const line of readLines(file, "people's")) lines.push(line);
    expect(lines).toEqual([
      { value: { a: 1 }, number: 1 },
      { value: { a: 'zwei\u2028' }, number: 2 },
      { value: [3], number: 3 },
    ]);
  });

  it('passes over a byte order mark, and nothing else that looks like it', async () => {
    expect(await all('\ufeff{"a":1}\n', "people's")).toEqual([{ a: 1 }]);
    await expect(all('{"a":1}\n\ufeff{"a":1}\n', "people's")).rejects.toThrow('line 2');
  });

  it('puts lines together that the disk gives in pieces', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => ({ text: 'é'.repeat(7919 * (i % 5)), i }));
    expect(await all(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))).toEqual(lines);
  });

  it('says where a damaged line stands', async () => {
    await expect(all('{"a":1}\noops\n{"a":2}\n')).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringContaining('line 2'),
    });
    await expect(all('{"a":1}\nnull\n{"a":2}\n')).rejects.toThrow('line 2');
  });

  it('passes over a torn last line of ours and refuses one of people', async () => {
    expect(await all('{"a":1}\n{"tor')).toEqual([{ a: 1 }]);
    expect(await all('{"tor')).toEqual([]);
    await expect(all('{"a":1}\n{"tor', "people's")).rejects.toThrow('line 2');
    await expect(all('{"tor', "people's")).rejects.toThrow('line 1');
  });

  it('reads no file of ours as no lines, and misses one of people', async () => {
    expect(await all(undefined)).toEqual([]);
    await expect(all(undefined, "people's")).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await all('', "people's")).toEqual([]);
  });

  it('refuses a folder, whose ever', async () => {
    mkdirSync(file);
    await expect(all(undefined)).rejects.toMatchObject({ code: 'IO' });
    await expect(all(undefined, "people's")).rejects.toMatchObject({ code: 'IO' });
  });

  it('refuses a line without end before it fills the memory', async () => {
    await expect(all('x'.repeat(65 * 2 ** 20))).rejects.toMatchObject({ code: 'LIMIT' });
  });
});
