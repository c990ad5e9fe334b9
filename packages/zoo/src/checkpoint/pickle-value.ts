/** What a pickle of tensors can be: plain data, and descriptions of tensors. Nothing else can be built, so nothing can run. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | readonly PickleValue[]
  | PickleDict
  | StorageReference
  | TensorReference
  | Callable;

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<string, PickleValue>;
}

export interface StorageReference {
  readonly kind: 'storage';
  /** `Float`, `Half`, … as PyTorch's storage classes are called. */
  readonly type: string;
  readonly key: string;
  readonly elementCount: number;
}

export interface TensorReference {
  readonly kind: 'tensor';
  readonly storage: StorageReference;
  readonly storageOffset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** A name the pickle may call; each is a rule of `pickle-calls.ts`, never code of the pickle's. */
export interface Callable {
  readonly kind: 'callable';
  readonly name: string;
}

export function isDict(value: PickleValue | undefined): value is PickleDict {
  return kindOf(value) === 'dict';
}

export function isStorage(value: PickleValue | undefined): value is StorageReference {
  return kindOf(value) === 'storage';
}

export function isTensor(value: PickleValue | undefined): value is TensorReference {
  return kindOf(value) === 'tensor';
}

export function isCallable(value: PickleValue | undefined): value is Callable {
  return kindOf(value) === 'callable';
}

function kindOf(value: PickleValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}
