import { add, divide, multiply, reduceMean, subtract } from './emit-math.ts';
import type { Emitter } from './emitter.ts';

/**
 * The adjoint of X̂ = (X − mean)/√(var + ε) over `axes`, the core of every normalisation by its own statistics:
 * dX = (dX̂ − mean(dX̂) − X̂ · mean(dX̂ · X̂)) / √(var + ε). Mean and deviation are recomputed: the optional outputs that
 * carry them are absent in inference graphs.
 */
export function normalizedAdjoint(
  emit: Emitter,
  x: string,
  dNormalized: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const centred = subtract(emit, x, reduceMean(emit, x, axes));
  const variance = reduceMean(emit, multiply(emit, centred, centred), axes);
  const deviation = emit.op('Sqrt', [add(emit, variance, epsilon)]);
  const normalized = divide(emit, centred, deviation);
  const projection = multiply(
    emit,
    normalized,
    reduceMean(emit, multiply(emit, dNormalized, normalized), axes),
  );
  const centredCotangent = subtract(emit, dNormalized, reduceMean(emit, dNormalized, axes));
  return divide(emit, subtract(emit, centredCotangent, projection), deviation);
}
