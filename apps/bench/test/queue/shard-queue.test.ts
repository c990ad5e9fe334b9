import { expect, it } from 'vitest';
import { JOB_VERSION, type ShardModel } from '../../src/queue/job.ts';
import { shardId } from '../../src/queue/shard-queue.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
const external = [{ name: 'weights.bin', sha256: a }];

function idOf(model: ShardModel): string {
  const items = [{ kind: 'scene' as const, index: 0 }];
  const job = { protocolHash: 'p', sources: [], labels: null, flags: {}, items, pictures: false };
  return shardId({ job: { version: JOB_VERSION, ...job, model }, images: [] });
}

it('asks for something else with another model, or the same model with other weights beside it', () => {
  const model = { kind: 'file' as const, name: 'm.onnx', sha256: a, external };
  const others: ShardModel[] = [
    { ...model, sha256: b },
    { ...model, external: [] },
    { ...model, external: [{ name: 'weights.bin', sha256: b }] },
    { ...model, external: [{ name: 'other.bin', sha256: a }] },
    { kind: 'named', name: 'scenes' },
    { kind: 'named', name: 'resnet50' },
  ];
  expect(new Set([model, ...others].map(idOf)).size).toBe(1 + others.length);
});

it('asks for the same wherever the files lie and whatever they are called there', () => {
  const model = { kind: 'file' as const, name: 'm.onnx', sha256: a, external };
  const elsewhere = external.map((file) => ({ ...file, url: 'https://host/w' }));
  expect(idOf({ ...model, name: 'n.onnx', url: 'https://host/m', external: elsewhere })).toBe(idOf(model));
});
