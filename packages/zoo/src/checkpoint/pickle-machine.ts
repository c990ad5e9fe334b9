import { LimitError, ModelFormatError } from '@hybridcam/core';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { CHECKPOINT_LIMITS } from './limits.ts';
import type { PickleValue } from './pickle-value.ts';

const MARK = Symbol('mark');

/** The stack and memo on which a pickle's opcodes work; every misuse is an error that names the offset. */
export interface PickleMachine {
  readonly reader: ByteReader;
  readonly depth: number;
  push(value: PickleValue): void;
  /** Pushes a new list, tuple or dict, of which there may be so many. */
  pushContainer(value: PickleValue): void;
  pop(): PickleValue;
  top(): PickleValue;
  mark(): void;
  popToMark(): PickleValue[];
  /** Keeps the top under an index, by default the next one. */
  memoize(index?: number): void;
  recall(index: number): void;
  /** Text up to a line feed. */
  line(): string;
  fail(message: string): never;
}

export function pickleMachine(bytes: Uint8Array, what: string): PickleMachine {
  const reader = byteReader(bytes, what);
  const stack: (PickleValue | typeof MARK)[] = [];
  const memo = new Map<number, PickleValue>();
  let containers = 0;
  const fail = (message: string): never => {
    throw new ModelFormatError(`${what}: ${message} at offset ${reader.offset} of the pickle.`);
  };
  const limit = (count: number, allowed: number, of: string): void => {
    if (count > allowed) throw new LimitError(`${what}: the pickle makes more than ${allowed} ${of}.`);
  };
  const push = (value: PickleValue | typeof MARK): void => {
    limit(stack.push(value), CHECKPOINT_LIMITS.pickleStack, 'values at once');
  };
  return {
    reader,
    get depth() {
      return stack.length;
    },
    push,
    pushContainer(value) {
      limit(++containers, CHECKPOINT_LIMITS.pickleContainers, 'lists and dicts');
      push(value);
    },
    pop() {
      const value = stack.pop();
      return value === undefined || value === MARK ? fail('the stack is empty') : value;
    },
    top() {
      const value = stack.at(-1);
      return value === undefined || value === MARK ? fail('the stack is empty') : value;
    },
    mark: () => push(MARK),
    popToMark() {
      const at = stack.lastIndexOf(MARK);
      if (at < 0) fail('no mark on the stack');
      const values = stack.splice(at + 1) as PickleValue[];
      stack.pop();
      return values;
    },
    memoize(index = memo.size) {
      memo.set(index, this.top());
      limit(memo.size, CHECKPOINT_LIMITS.pickleStack, 'memo entries');
    },
    recall(index) {
      const value = memo.get(index);
      push(value === undefined ? fail(`memo ${index} is not set`) : value);
    },
    line() {
      let text = '';
      for (let code = reader.byte(); code !== 10; code = reader.byte()) {
        if (text.length > 256) fail('a global name is too long');
        text += String.fromCharCode(code);
      }
      return text;
    },
    fail,
  };
}
