import { didYouMean, OptionError } from '@hybridcam/core';

/** The items of a comma-separated value; none may be empty or come twice. */
export function listValue(flag: string, text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes(''))
    throw new OptionError(`${flag}: expected names between the commas; received "${text}".`);
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined)
    throw new OptionError(`${flag}: expected each name once; received "${twice}" twice.`);
  return items;
}

/**
 * `text` when it is one of `names`.
 * @throws OptionError with the nearest names, else with all of them
 */
export function choiceValue<const T extends string>(flag: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const hint = didYouMean(text, names);
  throw new OptionError(
    `${flag}: expected ${hint === '' ? `one of ${names.join(', ')}` : 'a known name'}; received "${text}".${hint}`,
  );
}

/** A finite number inside [`min`, `max`]. */
export function numberValue(flag: string, text: string, range: { min: number; max: number }): number {
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value) || value < range.min || value > range.max) {
    const unbounded = range.min === Number.NEGATIVE_INFINITY;
    const limits =
      range.max === Number.POSITIVE_INFINITY
        ? unbounded
          ? ''
          : ` at least ${range.min}`
        : ` from ${range.min} to ${range.max}`;
    throw new OptionError(`${flag}: expected a number${limits}; received "${text}".`);
  }
  // −0 would print as `a-0`.
  return value === 0 ? 0 : value;
}

/** A whole number from `min` to `max`. */
export function countValue(flag: string, text: string, min = 1, max = 999_999_999): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new OptionError(
      `${flag}: expected a whole number of at least ${min} and at most ${max}; received "${text}".`,
    );
  return value;
}

/** `224x224`, or `224` for both sides. */
export function sizeValue(flag: string, text: string): [height: number, width: number] {
  const match = /^(\d{1,5})(?:[x×](\d{1,5}))?$/.exec(text.trim());
  const [, height = '', width = height] = match ?? [];
  if (!match || Number(height) < 1 || Number(width) < 1) {
    throw new OptionError(`${flag}: expected HEIGHTxWIDTH, such as 224x224; received "${text}".`);
  }
  return [Number(height), Number(width)];
}

/** Three numbers, one per colour channel: `0.485,0.456,0.406`; `std` may not hold a zero. */
export function channelValues(
  flag: string,
  text: string,
  rule: 'any' | 'positive',
): [number, number, number] {
  const numbers = text.split(',').map((part) => {
    const trimmed = part.trim();
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
  });
  const good = (value: number): boolean => Number.isFinite(value) && (rule === 'any' || value > 0);
  if (numbers.length !== 3 || !numbers.every(good)) {
    throw new OptionError(
      `${flag}: expected three ${rule === 'any' ? 'numbers' : 'positive numbers'} R,G,B; received "${text}".`,
    );
  }
  return numbers as [number, number, number];
}
