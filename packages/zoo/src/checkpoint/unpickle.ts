import { LimitError } from '@hybridcam/core';
import { CHECKPOINT_LIMITS } from './limits.ts';
import { callGlobal, isAllowedGlobal, storageReference } from './pickle-calls.ts';
import { type PickleMachine, pickleMachine } from './pickle-machine.ts';
import { isDict, type PickleDict, type PickleValue } from './pickle-value.ts';

/**
 * Reads a pickle (protocols 2 to 5) of nested dicts, lists and PyTorch tensors, with a closed set of opcodes and names.
 * @throws ModelFormatError naming opcode or global and offset; LimitError
 */
export function unpickle(bytes: Uint8Array, what: string): PickleValue {
  if (bytes.length > CHECKPOINT_LIMITS.pickleBytes) {
    throw new LimitError(
      `${what}: the pickle has ${bytes.length} bytes; the limit is ${CHECKPOINT_LIMITS.pickleBytes}.`,
    );
  }
  const machine = pickleMachine(bytes, what);
  for (let operations = 0; operations < CHECKPOINT_LIMITS.pickleOperations; operations++) {
    const opcode = machine.reader.byte();
    if (opcode === STOP) {
      if (machine.depth !== 1) machine.fail(`STOP with ${machine.depth} values on the stack`);
      if (machine.reader.offset !== bytes.length) machine.fail('bytes after STOP');
      return machine.pop();
    }
    const operation = OPERATIONS.get(opcode) ?? machine.fail(`refused opcode 0x${opcode.toString(16)}`);
    operation(machine);
  }
  throw new LimitError(`${what}: the pickle has more than ${CHECKPOINT_LIMITS.pickleOperations} operations.`);
}

const STOP = 0x2e;

/** Opcodes by their byte; those that build objects of classes, or are of the text protocols 0 and 1, are not here. */
const OPERATIONS: ReadonlyMap<number, (machine: PickleMachine) => void> = new Map([
  [0x80, protocol],
  [0x95, ({ reader }) => void reader.uint64()], // FRAME
  [0x28, (machine) => machine.mark()],
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4a, (machine) => machine.push(machine.reader.int32())],
  [0x4b, (machine) => machine.push(machine.reader.byte())],
  [0x4d, (machine) => machine.push(machine.reader.uint16())],
  [0x8a, long],
  [0x47, (machine) => machine.push(machine.reader.float64BigEndian())],
  [0x58, (machine) => machine.push(machine.reader.text(machine.reader.uint32()))], // BINUNICODE
  [0x8c, (machine) => machine.push(machine.reader.text(machine.reader.byte()))], // SHORT_BINUNICODE
  [0x5d, (machine) => machine.pushContainer([])], // EMPTY_LIST
  [0x29, (machine) => machine.pushContainer([])], // EMPTY_TUPLE
  [0x7d, (machine) => machine.pushContainer({ kind: 'dict', entries: new Map() })],
  [0x74, (machine) => machine.pushContainer(machine.popToMark())], // TUPLE
  [0x85, (machine) => tuple(machine, 1)],
  [0x86, (machine) => tuple(machine, 2)],
  [0x87, (machine) => tuple(machine, 3)],
  [0x61, (machine) => appendTo(machine, [machine.pop()])],
  [0x65, (machine) => appendTo(machine, machine.popToMark())],
  [0x73, setItem],
  [0x75, (machine) => setItems(machine, machine.popToMark())],
  [0x71, (machine) => machine.memoize(machine.reader.byte())], // BINPUT
  [0x72, (machine) => machine.memoize(machine.reader.uint32())], // LONG_BINPUT
  [0x94, (machine) => machine.memoize()],
  [0x68, (machine) => machine.recall(machine.reader.byte())], // BINGET
  [0x6a, (machine) => machine.recall(machine.reader.uint32())], // LONG_BINGET
  [0x63, (machine) => pushGlobal(machine, machine.line(), machine.line())],
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x62, build],
  [0x51, (machine) => machine.push(storageReference(machine.pop(), machine.fail))], // BINPERSID
]);

function protocol({ reader, fail }: PickleMachine): void {
  const version = reader.byte();
  if (version < 2 || version > 5) fail(`pickle protocol ${version}`);
}

/** LONG1: a little-endian integer of so many bytes, two's complement. */
function long(machine: PickleMachine): void {
  const bytes = machine.reader.bytes(machine.reader.byte());
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  if (bytes.length > 0 && bytes.at(-1)! & 0x80) value -= 1n << BigInt(8 * bytes.length);
  const number = Number(value);
  machine.push(Number.isSafeInteger(number) ? number : machine.fail(`an integer of ${bytes.length} bytes`));
}

function tuple(machine: PickleMachine, count: number): void {
  machine.pushContainer(Array.from({ length: count }, () => machine.pop()).reverse());
}

function appendTo(machine: PickleMachine, values: readonly PickleValue[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) machine.fail('APPENDS without a list');
  else for (const value of values) list.push(value);
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  setItems(machine, [machine.pop(), value]);
}

function setItems(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  const dict = machine.top();
  if (!isDict(dict) || pairs.length % 2 !== 0) machine.fail('SETITEMS without a dict');
  else setPairs(dict, pairs, machine);
}

function setPairs(dict: PickleDict, pairs: readonly PickleValue[], { fail }: PickleMachine): void {
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i]!;
    if (typeof key !== 'string' && typeof key !== 'number')
      fail('a dict key that is neither text nor number');
    dict.entries.set(String(key), pairs[i + 1]!);
  }
}

function pushGlobal(machine: PickleMachine, module: string, name: string): void {
  const full = `${module} ${name}`;
  if (!isAllowedGlobal(full)) {
    machine.fail(
      `refused the global ${JSON.stringify(full)}; a checkpoint of tensors needs none but PyTorch's own. It may be a whole pickled model, or an attack. The opcode is`,
    );
  }
  machine.push({ kind: 'callable', name: full });
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') machine.fail('STACK_GLOBAL without names');
  else pushGlobal(machine, module, name);
}

function reduce(machine: PickleMachine): void {
  const args = machine.pop();
  machine.pushContainer(callGlobal(machine.pop(), args, machine.fail));
}

/** An OrderedDict's `_metadata` (version numbers of modules), which no tensor depends on. */
function build(machine: PickleMachine): void {
  machine.pop();
  if (!isDict(machine.top())) machine.fail('BUILD of something that is not a dict');
}
