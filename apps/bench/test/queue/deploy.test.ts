import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';

const read = (file: string) => readFileSync(new URL(`../../../../deploy/${file}`, import.meta.url), 'utf8');

/** The words of a JSON list behind `name` in a container file or YAML. */
function list(text: string, name: string): string[] {
  const found = new RegExp(`^\\s*${name}:?\\s+(\\[.*\\])$`, 'm').exec(text)?.[1];
  return JSON.parse(found!);
}

describe('deploy/', () => {
  it.each([
    ['the container file', list(read('Containerfile'), 'CMD')],
    ['Kubernetes', list(read('kubernetes.yaml'), 'args')],
  ])('%s starts the worker with flags it has', async (_, args) => {
    const [node, script, ...command] = list(read('Containerfile'), 'ENTRYPOINT');
    expect([node, script]).toEqual(['node', 'apps/bench/bin/hybridcam-bench.js']);
    let output = '';
    const write = (text: string) => {
      output += text;
    };
    // Another scheme, so that it ends where the address is read: behind every flag.
    const words = [...command, ...args].map((word) => word.replace(/^redis:/, 'http:'));
    expect(words).toContain('--queue');
    const code = await main(words, {
      stdout: { write },
      stderr: { write },
      signal: new AbortController().signal,
    });
    expect([code, output]).toEqual([2, expect.stringContaining('expected redis://')]);
  });

  it('asks for health where the worker serves it', () => {
    const container = read('Containerfile');
    const port = list(container, 'ENTRYPOINT').at(list(container, 'ENTRYPOINT').indexOf('--http') + 1);
    expect(container).toContain(`EXPOSE ${port}\n`);
    expect(container).toContain(`http://127.0.0.1:${port}/healthz`);
    expect(read('kubernetes.yaml')).toContain(`containerPort: ${port}`);
  });

  it('brings workers back that died, as a picture that kills its worker needs', () => {
    const [, worker] = /^ {2}worker:\n((?: {4}.*\n)+)/m.exec(read('compose.yaml'))!;
    expect(worker).toMatch(/^ {4}restart: unless-stopped$/m);
    // A Deployment allows no other policy than to restart; a pod or job would have to ask for it.
    expect(read('kubernetes.yaml')).toMatch(/^kind: Deployment$/m);
    expect(read('kubernetes.yaml')).not.toMatch(/restartPolicy: (?!Always)/);
  });
});
