import { OptionError } from '@hybridcam/core';

/** @throws OptionError unless the rule holds, with the rule and what was received */
export function expectOption(
  holds: boolean,
  where: string,
  rule: string,
  received: unknown,
  remedy = '',
): asserts holds {
  if (!holds) throw new OptionError(`${where}: expected ${rule}; received ${received}.${remedy}`);
}

export function areRising(low: number, high: number): boolean {
  return Number.isFinite(low) && Number.isFinite(high) && low < high;
}
