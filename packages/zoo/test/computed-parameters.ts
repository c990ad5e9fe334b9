import { computedParameter } from '@hybridcam/test-utils';
import { type Network, type Parameter, parameterShapes } from '../src/index.ts';

/** Every parameter of a network from its name (`computedParameter`). */
export function computedParameters(network: Network): Map<string, Parameter> {
  return new Map(
    [...parameterShapes(network)].map(([name, shape]) => [
      name,
      { shape, data: computedParameter(name, shape) },
    ]),
  );
}

/** The input of tooling/reference/zoo/make_logits.py: [1, 3, 224, 224] in [−1, 1). */
export function computedInput(): Float32Array {
  return computedParameter('input', [3 * 224 * 224]).map((value) => Math.fround(value * 10));
}
