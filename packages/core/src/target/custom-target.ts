import { assertFinite } from '../check.ts';
import { ShapeError } from '../errors.ts';
import type { Target } from './target.ts';

export interface CustomTargetOptions {
  /** ∂y/∂scores [classes]. Default: central differences in float64, two calls of the function per class. */
  readonly gradient?: (scores: Float64Array) => ArrayLike<number>;
  /** For the record. Default `custom`. */
  readonly description?: string;
  /** The class it speaks of, if one. */
  readonly classIndex?: number;
}

/**
 * Any smooth function of the scores [classes] as a target.
 * @throws NonFiniteError when the function or its gradient is not finite at the model's scores; ShapeError for a gradient of
 * another length
 * @example customTarget((scores) => Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)))
 */
export function customTarget(
  evaluate: (scores: Float64Array) => number,
  { gradient, description = 'custom', classIndex }: CustomTargetOptions = {},
): Target {
  const where = `customTarget "${description}"`;
  return {
    description,
    classIndex,
    linear: false,
    value(scores) {
      const value = evaluate(Float64Array.from(scores));
      assertFinite(where, 'value', [value]);
      return value;
    },
    gradient(scores) {
      const at = Float64Array.from(scores);
      const slopes = gradient ? Float64Array.from(gradient(at)) : centralDifferences(evaluate, at);
      if (slopes.length !== at.length) {
        throw new ShapeError(
          `${where}: expected a gradient [${at.length}]; received ${slopes.length} values.`,
        );
      }
      assertFinite(where, 'gradient', slopes);
      return slopes;
    },
  };
}

function centralDifferences(evaluate: (scores: Float64Array) => number, at: Float64Array): Float64Array {
  const point = at.slice();
  return at.map((score, c) => {
    // The cube root of the float64 epsilon balances truncation against rounding for central differences.
    const step = 6e-6 * Math.max(1, Math.abs(score));
    const [above, below] = [score + step, score - step];
    point[c] = above;
    const high = evaluate(point.slice());
    point[c] = below;
    const low = evaluate(point.slice());
    point[c] = score;
    return (high - low) / (above - below);
  });
}
