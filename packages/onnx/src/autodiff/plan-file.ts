import { ModelFormatError } from '@hybridcam/core';
import { readUtf8, writeUtf8 } from '../proto/utf8.ts';
import type { PlannedTap, PlannedTensor } from './backward-model.ts';
import type { BackwardPlan } from './plan.ts';
import type { TapMask } from './tap-mask.ts';

/** Raised whenever plans of before would give other numbers or need other tensors. */
const VERSION = 3;

/** A plan's header is names and shapes; a larger one is damaged. */
const MAX_HEADER_BYTES = 1 << 24;

/**
 * A plan as bytes, to be kept beside its model (under the hash of the model's bytes, the layers and the input size: the plan
 * itself does not know its model) and read by `readPlan` without another probe.
 */
export function writePlan(plan: BackwardPlan): Uint8Array {
  const { layers, scores, inputDims, taps, cotangent, gradients, backwardModel } = plan;
  const fields = { version: VERSION, layers, scores, inputDims, taps, cotangent, gradients };
  // An extent that follows the batch is undefined here and null in JSON.
  const header = writeUtf8(JSON.stringify(fields));
  const bytes = new Uint8Array(8 + header.length + backwardModel.length);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 8);
  bytes.set(backwardModel, 8 + header.length);
  return bytes;
}

/** @throws ModelFormatError when the bytes are no plan, or one of another version: plan again */
export function readPlan(bytes: Uint8Array): BackwardPlan {
  const length = bytes.length < 8 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length === 0 || length > MAX_HEADER_BYTES || 8 + length >= bytes.length) throw notAPlan('other bytes');
  const header = parsed(readUtf8(bytes, 8, 8 + length));
  if (header?.['version'] !== VERSION) throw notAPlan(`version ${String(header?.['version']).slice(0, 80)}`);
  const { layers, scores, inputDims, taps, cotangent, gradients } = header;
  if (
    !isList(layers, isString) ||
    !isString(scores) ||
    !isList(inputDims, isExtent) ||
    !isList(taps, isTap) ||
    !isTensor(cotangent) ||
    !isList(gradients, isTensor) ||
    !isList(
      gradients.map((gradient) => (gradient as { layer?: unknown }).layer),
      isString,
    )
  ) {
    throw notAPlan('a damaged header');
  }
  return {
    layers: layers as string[],
    scores,
    inputDims: (inputDims as (number | null)[]).map((extent) => extent ?? undefined),
    taps: taps.map(tapOf),
    cotangent: tensorOf(cotangent),
    gradients: gradients.map((gradient) => ({
      ...tensorOf(gradient),
      layer: (gradient as { layer: string }).layer,
    })),
    backwardModel: bytes.subarray(8 + length),
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isList(value: unknown, isItem: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isItem);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isExtent(value: unknown): boolean {
  return value === null || (Number.isInteger(value) && (value as number) >= 0);
}

function isTensor(value: unknown): boolean {
  const { name, dims, dataType } = (value ?? {}) as Record<string, unknown>;
  return isString(name) && isList(dims, isExtent) && isString(dataType);
}

function isTap(value: unknown): boolean {
  const { mask } = (value ?? {}) as { mask?: unknown };
  return isTensor(value) && (mask === undefined || isMask(mask));
}

function isMask(value: unknown): value is TapMask {
  const { of, bounds } = (value ?? {}) as Record<string, unknown>;
  if (!isString(of) || bounds === undefined) return isString(of);
  const { above, below, dataType } = (bounds ?? {}) as Record<string, unknown>;
  const given = [above, below].filter((bound) => bound !== undefined);
  return isString(dataType) && given.length > 0 && isList(given, Number.isFinite);
}

function tapOf(value: unknown): PlannedTap {
  const { mask } = value as { mask?: TapMask };
  return { ...tensorOf(value), ...(mask === undefined ? {} : { mask }) };
}

function tensorOf(value: unknown): PlannedTensor {
  const { name, dims, dataType } = value as {
    name: string;
    dims: (number | null)[];
    dataType: PlannedTensor['dataType'];
  };
  return { name, dims: dims.map((extent) => extent ?? undefined), dataType };
}

function notAPlan(received: string): ModelFormatError {
  return new ModelFormatError(
    `readPlan: expected a plan of version ${VERSION}; received ${received}. Plan again.`,
  );
}
