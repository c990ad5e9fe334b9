/** ONNX element types by the names ONNX Runtime uses in JavaScript. */
export const DATA_TYPE_CODE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
} as const;

/** `other`: sub-byte and float8 types, which no graph we differentiate computes with. */
export type DataType = keyof typeof DATA_TYPE_CODE | 'undefined' | 'other';

const NAME_BY_CODE: ReadonlyMap<number, DataType> = new Map(
  Object.entries(DATA_TYPE_CODE).map(([name, code]) => [code, name as DataType]),
);

export function dataTypeName(code: number): DataType {
  return code === 0 ? 'undefined' : (NAME_BY_CODE.get(code) ?? 'other');
}

const BYTES: Partial<Record<DataType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
  uint32: 4,
  uint64: 8,
  complex64: 8,
  complex128: 16,
  bfloat16: 2,
};

/** Bytes of one element in `raw_data`; undefined for strings and sub-byte types. */
export function bytesPerElement(type: DataType): number | undefined {
  return BYTES[type];
}

/** True for the types a gradient can flow through. */
export function isFloatType(type: DataType): boolean {
  return type === 'float32' || type === 'float16' || type === 'float64' || type === 'bfloat16';
}
