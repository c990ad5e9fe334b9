import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArrayView,
  ablationCam,
  cam,
  eigenCam,
  eigenGradCam,
  explain,
  fem,
  type MethodCall,
  type MethodName,
  methodNames,
  methods,
  NonFiniteError,
  pack,
  ShapeError,
  type Status,
  smoothGradCamPlusPlus,
  statusSentences,
  view,
} from '../src/index.ts';
import { toyInput, toyModel } from './toy-model.ts';

/** Every method with every variant; those that run the model many times with few runs. */
const few: Partial<Record<string, MethodCall['settings']>> = {
  rise: { masks: 8, cells: 2 },
  occlusion: { window: 2, stride: 2 },
  'ss-cam': { draws: 2 },
  'is-cam': { points: 2 },
  'smooth-grad-cam-plus-plus': { draws: 2, noise: 0 },
};
/** The toy is no transformer. */
const runsOnToy = (name: MethodName): boolean => !['attention', 'blocks'].includes(methods[name].needs);
const calls: MethodCall[] = methodNames
  .filter(runsOnToy)
  .flatMap((name) =>
    methods[name].variants.map((variant) => ({ name, variant, ...(few[name] && { settings: few[name] }) })),
  );
const title = ({ name, variant }: MethodCall) => `${name} (${variant})`;
const image = (value: number) => view(new Float32Array(16).fill(value), [1, 1, 4, 4]);
const readings = Object.keys(statusSentences) as Status[];

describe('every method on degenerate images', () => {
  for (const call of calls) {
    it(`${title(call)} of an empty image is zeros with a reason, never NaN`, async () => {
      const { cam, saliencyMap, status } = await explain(toyModel(), image(0), {
        method: call,
        classIndex: 2,
      });
      const values = [...pack(cam), ...pack(saliencyMap)];
      // RISE's unit is the score itself, which no mask changes here: one value everywhere.
      const expected = call.name === 'rise' ? 1 : 0;
      for (const value of values) expect(value).toBe(expected);
      expect(readings).toContain(status);
      expect(status).not.toBe('ok');
    });

    it(`${title(call)} of a constant image points nowhere, and says so`, async () => {
      const found = await explain(toyModel(), image(2), { method: call, classIndex: 0 });
      for (const value of pack(found.saliencyMap)) expect(Number.isFinite(value)).toBe(true);
      // Masks with an edge are no constant, whatever the image: of those RISE alone sees the edge in its own sampling.
      if (call.name !== 'rise') expect(found.status).not.toBe('ok');
    });

    it(`${title(call)} where all evidence is against the class is finite, with a status`, async () => {
      const model = toyModel({
        weights: [
          [-4, -4],
          [4, 4],
        ],
        bias: [0, 0],
      });
      const found = await explain(model, toyInput(), { method: call, classIndex: 0 });
      for (const value of pack(found.saliencyMap)) expect(value).toBeGreaterThanOrEqual(0);
      expect(readings).toContain(found.status);
    });

    it(`${title(call)} refuses a layer of numbers that are none`, async () => {
      const model = toyModel();
      const { forward } = model;
      model.forward = async (input, options) => {
        const pass = await forward(input, options);
        const broken = view(new Float32Array(8).fill(Number.NaN), [1, 2, 2, 2]);
        const scores = view(new Float32Array(3 * input.shape[0]!).fill(Number.NaN), [input.shape[0]!, 3]);
        return { ...pass, logits: scores, activations: () => broken };
      };
      await expect(explain(model, toyInput(), { method: call, classIndex: 0 })).rejects.toBeInstanceOf(
        NonFiniteError,
      );
    });
  }
});

const [channels, height, width] = [3, 2, 4];
const size = channels * height * width;
const tensor = (values: readonly number[]) => view(Float32Array.from(values), [channels, height, width]);
const numbers = (length: number) =>
  fc.array(
    fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024),
    { minLength: length, maxLength: length },
  );

const firstOfEachChannel = (g: ArrayView) =>
  view(
    Float32Array.from([0, 8, 16], (at) => pack(g)[at]!),
    [channels],
  );

/** Those beside the gradient methods of properties.test.ts, as functions of activations and gradients. */
const others: Record<string, (a: ArrayView, g: ArrayView) => ArrayView> = {
  eigenCam: (a) => eigenCam(a),
  eigenGradCam,
  fem: (a) => fem(a),
  'fem (pytorch-grad-cam)': (a) => fem(a, { variant: 'pytorch-grad-cam' }),
  cam: (a, g) => cam(a, firstOfEachChannel(g)),
  ablationCam: (a, g) => ablationCam(a, firstOfEachChannel(g), 2),
  smoothGradCamPlusPlus: (a, g) => smoothGradCamPlusPlus(a, [{ activations: a, gradients: g }]),
};

for (const [name, method] of Object.entries(others)) {
  describe(name, () => {
    it(`${name} does not depend on the order of channels`, () => {
      fc.assert(
        fc.property(numbers(size), numbers(size), (a, g) => {
          const rotate = (values: number[]) => [...values.slice(8), ...values.slice(0, 8)];
          const expected = pack(method(tensor(a), tensor(g)));
          const scale = Math.max(1, ...expected.map(Math.abs));
          pack(method(tensor(rotate(a)), tensor(rotate(g)))).forEach((value, i) => {
            expect(Math.abs(value - expected[i]!) / scale).toBeLessThan(1e-4);
          });
        }),
      );
    });

    it(`${name} is finite for any finite input, and refuses others by name`, () => {
      const wild = fc.array(
        fc.oneof(fc.constantFrom(0, -0, 1e-45, 1e18, -1e18), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
        { minLength: size, maxLength: size },
      );
      fc.assert(
        fc.property(wild, wild, (a, g) => {
          let map: ArrayView;
          try {
            map = method(tensor(a), tensor(g));
          } catch (error) {
            // The one permitted refusal: a result beyond float32.
            expect(error).toBeInstanceOf(NonFiniteError);
            return;
          }
          for (const value of pack(map)) expect(Number.isFinite(value)).toBe(true);
        }),
      );
      const fine = tensor(new Array(size).fill(1));
      const spoiled = tensor(new Array(size).fill(1));
      spoiled.set(1, 1, 1, Number.POSITIVE_INFINITY);
      expect(() => method(spoiled, fine)).toThrow(/finite activations; received 1 NaN or infinite of 24/);
      expect(() => method(view(new Float32Array(4), [2, 2]), fine)).toThrow(ShapeError);
    });
  });
}
