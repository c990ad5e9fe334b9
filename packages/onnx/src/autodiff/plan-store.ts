import { version } from '@hybridcam/core';
import { readUtf8, writeUtf8 } from '../proto/utf8.ts';
import { sha256Hex } from '../runtime/sha256-hex.ts';
import type { BackwardPlan } from './plan.ts';
import { readPlan, writePlan } from './plan-file.ts';
import type { RuleOptions } from './rule.ts';

/**
 * Where plans outlive the model they were made for: a folder, a page's cache. Entries are bytes under names of 64 letters and digits. A
 * store may lose or damage them, for they are checked when they are read and can be made again; neither function should reject.
 */
export interface PlanStore {
  /** undefined: there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, entry: Uint8Array): Promise<void>;
}

/** All that a plan depends on. */
export interface PlanKey {
  /** SHA-256 of the model's bytes and of those of its external data. */
  readonly model: string;
  readonly scores: string;
  /** Tensors, in the order of the plan's gradients. */
  readonly layers: readonly string[];
  /** undefined: any batch. */
  readonly inputShape: readonly (number | undefined)[];
  /** Name of the model's bytes among the sessions' external data. */
  readonly self: string | undefined;
  readonly rules: RuleOptions;
  /** See `BackwardSource`. */
  readonly handsOverMasks: boolean;
}

/** A sealed plan is its SHA-256 in hex, then the plan. */
const SEAL_LENGTH = 64;

/** The plan stored under `key`; undefined where there is none that is whole and of this version. */
export async function loadPlan(store: PlanStore, key: PlanKey): Promise<BackwardPlan | undefined> {
  const entry = await store.read(await entryName(key));
  if (entry === undefined || entry.length <= SEAL_LENGTH) return undefined;
  const bytes = entry.subarray(SEAL_LENGTH);
  if (readUtf8(entry, 0, SEAL_LENGTH) !== (await sha256Hex(bytes))) return undefined;
  try {
    return readPlan(bytes);
  } catch {
    return undefined;
  }
}

export async function savePlan(store: PlanStore, key: PlanKey, plan: BackwardPlan): Promise<void> {
  const bytes = writePlan(plan);
  const entry = new Uint8Array(SEAL_LENGTH + bytes.length);
  entry.set(writeUtf8(await sha256Hex(bytes)));
  entry.set(bytes, SEAL_LENGTH);
  await store.write(await entryName(key), entry);
}

function entryName({
  model,
  scores,
  layers,
  inputShape,
  self,
  rules,
  handsOverMasks,
}: PlanKey): Promise<string> {
  const shape = inputShape.map((extent) => extent ?? 'any');
  const { convolution, maxPool } = rules;
  // Another version of ours may have other rules.
  const parts = [version, model, scores, layers, shape, self ?? null, convolution, maxPool, handsOverMasks];
  return sha256Hex(writeUtf8(JSON.stringify(parts)));
}

/** Plans are small where weights stay in the model's bytes, and a process rarely explains many models. */
const MAX_PLANS = 32;

/** A store as long as the process lives: the last plans used. */
export function createMemoryPlanStore(): PlanStore {
  const entries = new Map<string, Uint8Array>();
  const keep = (name: string, entry: Uint8Array): void => {
    entries.delete(name);
    entries.set(name, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_PLANS) break;
      entries.delete(oldest);
    }
  };
  return {
    read: async (name) => {
      const entry = entries.get(name);
      if (entry) keep(name, entry);
      return entry;
    },
    write: async (name, entry) => keep(name, entry),
  };
}
