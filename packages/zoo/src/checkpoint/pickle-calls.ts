import { CHECKPOINT_LIMITS } from './limits.ts';
import {
  isCallable,
  isStorage,
  isTensor,
  type PickleValue,
  type StorageReference,
  type TensorReference,
} from './pickle-value.ts';

/** Throws a typed error that names the offset. */
export type Fail = (message: string) => never;

/** Exactly the globals that `torch.save` of a state dict mentions. */
const FUNCTIONS = new Set([
  'collections OrderedDict',
  'torch._utils _rebuild_tensor_v2',
  'torch._utils _rebuild_parameter',
]);
const STORAGE = /^torch (Float|Half|BFloat16|Double|Long|Int|Short|Char|Byte|Bool)Storage$/;

/** Whether a pickle may mention this global, written `module name`. */
export function isAllowedGlobal(name: string): boolean {
  return FUNCTIONS.has(name) || STORAGE.test(name);
}

/** What calling an allowed global gives (opcode REDUCE). */
export function callGlobal(callable: PickleValue, args: PickleValue, fail: Fail): PickleValue {
  if (!isCallable(callable)) return fail('REDUCE of something that is not a name');
  if (!Array.isArray(args)) return fail('REDUCE without arguments');
  switch (callable.name) {
    case 'collections OrderedDict':
      if (args.length !== 0) return fail('OrderedDict with arguments');
      return { kind: 'dict', entries: new Map() };
    case 'torch._utils _rebuild_tensor_v2':
      return tensorReference(args, fail);
    case 'torch._utils _rebuild_parameter':
      return isTensor(args[0]) ? args[0] : fail('_rebuild_parameter without a tensor');
    default:
      return fail(`${callable.name} is not a function`);
  }
}

/** What a persistent id stands for: ('storage', type, key, device, element count). */
export function storageReference(id: PickleValue, fail: Fail): StorageReference {
  if (!Array.isArray(id) || id[0] !== 'storage') return fail('a persistent id that is not a storage');
  const [, type, key, , elementCount] = id;
  const match = STORAGE.exec(isCallable(type) ? type.name : '');
  if (!match || typeof key !== 'string' || !isCount(elementCount))
    return fail('a storage without type, key or size');
  return { kind: 'storage', type: match[1]!, key, elementCount };
}

function tensorReference(args: readonly PickleValue[], fail: Fail): TensorReference {
  const [storage, storageOffset, shape, stride] = args;
  if (!isStorage(storage)) return fail('_rebuild_tensor_v2 without a storage');
  if (!isCount(storageOffset) || !isCounts(shape) || !isCounts(stride) || shape.length !== stride.length) {
    return fail('_rebuild_tensor_v2 with a shape, stride or offset that is not whole numbers');
  }
  if (shape.length > CHECKPOINT_LIMITS.dimensions) return fail(`a tensor of ${shape.length} dimensions`);
  return { kind: 'tensor', storage, storageOffset, shape, stride };
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}
