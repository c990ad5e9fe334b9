import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CamError, OptionError } from '@hybridcam/core';
import { collectImages } from 'hybridcam/command-kit';
import type { RunPlan } from '../commands/run-plan.ts';
import { once } from '../evaluation/once.ts';
import { fileFacts, fileItem, filePath, fileTruth, type ImagePath } from '../images/file-items.ts';
import type { FileTruth } from '../images/file-truth.ts';
import { type ImageItem, type TruthFacts, truthKeys } from '../images/image-item.ts';
import { manifestPaths } from '../images/manifest-paths.ts';
import { type EvaluatedSceneKind, sceneItems } from '../images/scene-items.ts';

/** An image to come: hashed when its turn comes, so that a run starts at once and a folder may change under it. */
export interface PendingItem {
  readonly name: string;
  /** Which scene it is; none for a file. */
  readonly scene?: { readonly index: number; readonly kind: EvaluatedSceneKind };
  /** Its file, and what a manifest says of it; none for a scene. */
  readonly path?: string;
  readonly truth?: FileTruth & { readonly mask: string | undefined };
  /** The same with its mask hashed, once a start; rejects when the mask cannot be read. None for a scene. */
  readonly facts?: () => Promise<TruthFacts>;
  /**
   * What records of this file may depend on beside its bytes, over all lines of the manifest whose mask can be read; none for a scene.
   */
  readonly truths?: () => Promise<ReadonlySet<string | undefined>>;
  open(signal?: AbortSignal): Promise<ImageItem>;
}

/**
 * What `--images` names, after `--limit` and `--shard`: always in the same order.
 * @throws OptionError, CamError when there is nothing
 */
export async function itemsOfPlan(plan: RunPlan): Promise<PendingItem[]> {
  const all = await allItems(plan);
  const limited = all.slice(0, plan.limit);
  const { shard } = plan;
  return shard ? limited.filter((_, i) => i % shard.count === shard.index) : limited;
}

async function allItems(plan: RunPlan): Promise<PendingItem[]> {
  const scenes = /^scenes(?::(\d{1,7}))?$/.exec(plan.images);
  if (scenes) {
    const count = scenes[1] === undefined ? 200 : Number(scenes[1]);
    if (count < 1) throw new OptionError('--images: expected one scene or more; received scenes:0.');
    const kind = plan.sceneKind ?? 'single';
    return sceneItems({ count, seed: plan.seed, kind }).map((item, index) => ({
      name: item.name,
      scene: { index, kind },
      open: async () => item,
    }));
  }
  if (plan.sceneKind !== undefined) {
    throw new OptionError(
      `--scene-kind: expected --images scenes[:N] beside it; received --images ${plan.images}, where it would do nothing.`,
    );
  }
  const paths = /\.jsonl$/i.test(plan.images)
    ? await manifestPaths(plan.images)
    : await imagePaths(plan.images);
  const lines = paths.map((file) => ({ file, facts: once(() => fileFacts(file)) }));
  const byName = new Map<string, ManifestLine[]>();
  for (const line of lines) byName.set(line.file.name, [...(byName.get(line.file.name) ?? []), line]);
  return lines.map((line) => pendingFile(line, byName.get(line.file.name)!, plan));
}

interface ManifestLine {
  readonly file: ImagePath;
  readonly facts: () => Promise<TruthFacts>;
}

function pendingFile(
  { file, facts }: ManifestLine,
  alike: readonly ManifestLine[],
  plan: RunPlan,
): PendingItem {
  const truth = fileTruth(file);
  return {
    name: file.name,
    get path() {
      return filePath(file, file.name);
    },
    ...(truth ? { truth } : {}),
    facts,
    async truths() {
      // A mask that cannot be read is the failure of its own line.
      const known = await Promise.allSettled(alike.map((line) => line.facts()));
      const keys = known.flatMap((line) => (line.status === 'fulfilled' ? [truthKeys(line.value)] : []));
      return new Set(keys.flatMap((truth) => [truth?.evidence, truth?.classOnly]));
    },
    open: async (signal) => fileItem(file, await facts(), plan.orientation, signal),
  };
}

async function imagePaths(source: string): Promise<ImagePath[]> {
  const entries = await collectImages([source]);
  const [first] = entries;
  if (first?.error) throw first.error;
  const isFolder = (await stat(source).catch(() => undefined))?.isDirectory();
  if (entries.length === 0)
    throw new CamError('NOT_FOUND', `--images: expected images in "${source}"; received none.`);
  return entries.map((entry) => ({
    name: isFolder ? path.relative(source, entry.path) : path.basename(entry.path),
    folder: isFolder ? source : path.dirname(entry.path),
  }));
}
