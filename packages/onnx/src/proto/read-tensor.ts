import { LimitError, ModelFormatError } from '@hybridcam/core';
import { dataTypeName } from './data-type.ts';
import { READ_LIMITS } from './limits.ts';
import type { ExternalData, OnnxTensor } from './onnx-model.ts';
import { readEntry } from './read-entry.ts';
import type { WireReader } from './wire-reader.ts';

/** The TensorProto in the current field; its values stay bytes. */
export function readTensor(field: WireReader): OnnxTensor {
  const message = field.view();
  const reader = field.message();
  const dims: number[] = [];
  const entries = new Map<string, string>();
  let name = '';
  let code = 0;
  let rawData: Uint8Array | undefined;
  let isExternal = false;
  while (reader.next()) {
    if (reader.field === 1) reader.integers(dims);
    else if (reader.field === 2) code = reader.integer();
    else if (reader.field === 8) name = reader.string();
    else if (reader.field === 9) rawData = reader.view();
    else if (reader.field === 13) readEntry(reader.message(), entries);
    else if (reader.field === 14) isExternal = reader.integer() === 1;
  }
  if (dims.length > READ_LIMITS.rank) {
    throw new LimitError(
      `readOnnx: expected tensors of at most ${READ_LIMITS.rank} axes; received ${dims.length} in "${name}".`,
    );
  }
  const negative = dims.find((extent) => extent < 0);
  if (negative !== undefined) {
    throw new ModelFormatError(
      `readOnnx: expected extents of at least 0 in tensor "${name}"; received ${negative}. The file is damaged.`,
    );
  }
  const external = isExternal ? externalData(name, entries) : undefined;
  return { name, dims, dataType: dataTypeName(code), message, rawData, external };
}

function externalData(name: string, entries: ReadonlyMap<string, string>): ExternalData {
  const location = entries.get('location');
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : undefined;
  const natural = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  if (!location || !natural(offset) || (length !== undefined && !natural(length))) {
    throw new ModelFormatError(
      `readOnnx: expected location, offset and length of the external data of "${name}"; received ${JSON.stringify(Object.fromEntries(entries))}.`,
    );
  }
  return { location, offset, length };
}

/** Name of a SparseTensorProto. */
export function readSparseName(reader: WireReader): string {
  while (reader.next()) if (reader.field === 1) return readTensor(reader).name;
  return '';
}
