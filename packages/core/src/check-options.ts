import { OptionError } from './errors.ts';
import { didYouMean } from './nearest.ts';

/** @throws OptionError unless 0 ≤ alpha ≤ 1 */
export function assertAlpha(where: string, alpha: number): void {
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new OptionError(
      `${where}: expected alpha in [0, 1]; received ${alpha}. 1 is Grad-CAM, 0 is LayerCAM.`,
    );
  }
}

/** @throws OptionError unless both are integers ≥ 1 */
export function assertSize(where: string, height: number, width: number): void {
  if (!(Number.isInteger(height) && Number.isInteger(width) && height >= 1 && width >= 1)) {
    throw new OptionError(`${where}: expected an integer height and width ≥ 1; received ${height}×${width}.`);
  }
}

/** @throws OptionError unless `value` is one of `allowed`, naming near ones */
export function assertOneOf<T extends string>(
  where: string,
  name: string,
  value: string,
  allowed: readonly T[],
): asserts value is T {
  if (allowed.includes(value as T)) return;
  // Without types anything can come in, options in the place of a name for one.
  const received =
    typeof value === 'string' ? `"${value}".${didYouMean(value, allowed)}` : `${typeof value}.`;
  throw new OptionError(`${where}: expected ${name} ${allowed.join(', ')}; received ${received}`);
}
