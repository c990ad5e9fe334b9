import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { externalLocations, readOnnx } from '@hybridcam/onnx';
import { modelFile, readBytes } from 'hybridcam/command-kit';
import type { RunPlan } from '../commands/run-plan.ts';
import { sha256 as hashOf } from '../records/canonical-json.ts';
import { type Content, namedModels, type ShardJob, type ShardModel } from './job.ts';
import type { SourceList } from './source-list.ts';

/** The files of a run by their hashes: what the submitter's server may hand out, and how jobs name them. */
export interface ContentRegister {
  /** Path by hash. */
  readonly files: ReadonlyMap<string, string>;
  add(file: string, name: string, sha256: string): Content;
}

export function createContentRegister({ urls }: SourceList): ContentRegister {
  const files = new Map<string, string>();
  return {
    files,
    add(file, name, sha256) {
      files.set(sha256, file);
      const url = urls.get(sha256);
      return { sha256, name, ...(url === undefined ? {} : { url }) };
    },
  };
}

/**
 * Model and labels of a plan as jobs name them.
 * @throws OptionError for a TensorFlow.js model.json, which is many files that name each other
 */
export async function queuedModel(
  plan: RunPlan,
  register: ContentRegister,
): Promise<Pick<ShardJob, 'model' | 'labels'>> {
  const labels = plan.labels === undefined ? null : await added(register, 'labels', plan.labels);
  return { model: await shardModel(await modelFile(plan.model ?? 'scenes'), register), labels };
}

async function shardModel(source: string, register: ContentRegister): Promise<ShardModel> {
  if (namedModels.includes(source)) return { kind: 'named', name: source };
  if (/\.json$/i.test(source)) {
    throw new OptionError(
      `--queue: expected an ONNX file or a model known by name; received ${path.basename(source)}. Evaluate a TensorFlow.js model with --shard instead.`,
    );
  }
  const external: Content[] = [];
  for (const location of externalLocations(readOnnx(await readBytes(source, 'model'))))
    external.push(await added(register, 'weights', path.join(path.dirname(source), location), location));
  return { kind: 'file', ...(await added(register, 'model', source)), external };
}

async function added(
  register: ContentRegister,
  what: string,
  file: string,
  name = path.basename(file),
): Promise<Content> {
  return register.add(file, name, hashOf(await readBytes(file, what)));
}
