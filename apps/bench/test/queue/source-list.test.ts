import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceList } from '../../src/queue/source-list.ts';
import { newFolder } from './bench-process.ts';

const hash = 'a'.repeat(64);

function manifest(...lines: unknown[]): string {
  const file = path.join(newFolder(), 'urls.jsonl');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

describe('sourceList', () => {
  it('tells addresses from manifests', async () => {
    const url = 'https://bucket.example/cat.jpg?signature=x';
    const file = manifest({ sha256: hash, url });
    expect(await sourceList(['https://store.example/files', file])).toEqual({
      sources: ['https://store.example/files'],
      urls: new Map([[hash, url]]),
    });
  });

  it('refuses what is neither, and lines that are wrong, by number', async () => {
    await expect(sourceList(['file:///etc'])).rejects.toThrow('--source: expected http(s)://');
    await expect(sourceList(['/mnt/images'])).rejects.toThrow('--source: expected http(s)://');
    await expect(sourceList([manifest()])).rejects.toThrow('received none');
    const second = manifest({ sha256: hash, url: 'http://a/b' }, { sha256: 'x', url: 'http://a/b' });
    await expect(sourceList([second])).rejects.toThrow('line 2');
    const scheme = manifest({ sha256: hash, url: 'file:///etc/passwd' });
    await expect(sourceList([scheme])).rejects.toThrow('an http or https address');
  });
});
