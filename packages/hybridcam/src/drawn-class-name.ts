import { isLegible } from '@hybridcam/viz';
import { className } from './class-name.ts';

/**
 * As `className`, for pictures: our font has no Han, for one, and there an index says more than framed code points.
 *
 * @example drawnClassName(['虎斑貓'], 0) // 'class 0'
 */
export function drawnClassName(labels: readonly string[] | undefined, index: number): string {
  const name = className(labels, index);
  return isLegible(name) ? name : className(undefined, index);
}
