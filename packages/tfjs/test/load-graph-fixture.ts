import { readFileSync } from 'node:fs';
import { type GraphFixture, graphFixture, type LoadedGraph } from './graph-fixture.ts';

export function fixturePath(name: string): URL {
  return new URL(`./fixtures/${name}`, import.meta.url);
}

export function loadGraphFixture(name: GraphFixture | 'graph-model-odd'): Promise<LoadedGraph> {
  return graphFixture(
    readFileSync(fixturePath(`${name}/model.json`), 'utf8'),
    readFileSync(fixturePath(`${name}/weights.bin`)),
  );
}
