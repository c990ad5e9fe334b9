import { ModelFormatError } from '@hybridcam/core';

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

/** A weight file must lie beside model.json or below it. @throws ModelFormatError otherwise */
export function checkShardPath(path: string): void {
  const segments = path.split('/');
  const safe =
    path.length <= 1024 &&
    !/[\\:%?#]/.test(path) &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
    !/[\u0000-\u001f]/.test(path) &&
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  if (safe) return;
  throw new ModelFormatError(
    `tfjs model: expected weight files beside model.json; the manifest names ${JSON.stringify(path.slice(0, 120))}.`,
  );
}

/** How many bytes the specs describe. @throws ModelFormatError for a malformed spec */
export function weightBytes(specs: readonly WeightSpec[], data: Uint8Array): number {
  let offset = 0;
  for (const [position, spec] of specs.entries()) {
    const size = checkedSize(spec, position);
    const dtype = spec.quantization?.dtype ?? spec.dtype;
    if (dtype === 'string') {
      offset = afterStrings(data, offset, size);
      continue;
    }
    const width = Object.hasOwn(BYTES, dtype) ? BYTES[dtype] : undefined;
    if (width === undefined) {
      throw new ModelFormatError(
        `tfjs model: expected dtype ${Object.keys(BYTES).join(', ')} or string; weight "${spec.name.slice(0, 120)}" has "${String(dtype).slice(0, 120)}".`,
      );
    }
    offset += size * width;
  }
  return offset;
}

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

function checkedSize(spec: WeightSpec, position: number): number {
  const named = typeof spec?.name === 'string' && Array.isArray(spec.shape) && typeof spec.dtype === 'string';
  const size = named ? spec.shape.reduce((product, extent) => product * extent, 1) : Number.NaN;
  if (Number.isSafeInteger(size) && spec.shape.every((extent) => Number.isInteger(extent) && extent >= 0))
    return size;
  throw new ModelFormatError(
    `tfjs model: expected weights { name, shape, dtype }; entry ${position} is ${JSON.stringify(spec)?.slice(0, 120)}.`,
  );
}

/** Strings carry their length, four bytes little-endian, in front. */
function afterStrings(data: Uint8Array, start: number, count: number): number {
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let offset = start;
  for (let i = 0; i < count; i++) {
    if (offset + 4 > data.length) return offset + 4;
    offset += 4 + bytes.getUint32(offset, true);
  }
  return offset;
}
