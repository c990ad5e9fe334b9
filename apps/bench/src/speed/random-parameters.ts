import { seededRandom } from '@hybridcam/metrics';
import { type Network, type Parameter, parameterShapes } from '@hybridcam/zoo';

/** Weights of a plausible scale for timing a topology whose trained weights are not at hand; time does not depend on them. */
export function randomParameters(network: Network): Map<string, Parameter> {
  const random = seededRandom(1);
  return new Map(
    [...parameterShapes(network)].map(([name, shape]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const fanIn = Math.max(1, size / shape[0]!);
      const spread = shape.length > 1 ? Math.sqrt(6 / fanIn) : 0.2;
      const centre = shape.length > 1 || !/weight|var/.test(name) ? 0 : name.includes('bn3') ? 0.25 : 1;
      return [
        name,
        {
          shape,
          data: Float32Array.from({ length: size }, () => centre + spread * (random.uniform() - 0.5)),
        },
      ];
    }),
  );
}
