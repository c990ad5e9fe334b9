import { type AbortSignalLike, ShapeError, throwIfAborted } from '@hybridcam/core';
import type { BackwardGradient, BackwardPass } from '../backward.ts';
import type { OrtTensor } from '../ort.ts';
import { ortFloats } from '../runtime/ort-floats.ts';
import { orRuntimeError } from '../runtime/runtime-error.ts';
import { createBackwardPass } from './backward-session.ts';
import {
  type Differentiated,
  type DifferentiateOptions,
  differentiate,
  sessionOptionsOf,
} from './differentiate.ts';

/** A forward and a backward session over one model. */
export interface GradientSession {
  readonly differentiated: Differentiated;
  /** One forward run. `input` stays the caller's. */
  run(input: OrtTensor): Promise<GradientRun>;
  dispose(): Promise<void>;
}

export interface GradientRun {
  readonly scores: BackwardGradient;
  /** Value of a tensor of `wrt`, as float32. */
  value(name: string): Promise<Float32Array>;
  /** ∂⟨cotangent, scores⟩/∂t for every tensor t of `wrt`; may be called again with another cotangent for the price of the backward pass alone. */
  gradients(
    cotangent: Float32Array,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<ReadonlyMap<string, BackwardGradient>>;
  dispose(): void;
}

/**
 * `differentiate`, with the sessions made and kept.
 *
 * @example
 * const session = await createGradientSession(bytes, { ort, wrt: ['layer3'] });
 * const run = await session.run(new ort.Tensor('float32', pixels, [1, 3, 224, 224]));
 * const { data, dims } = (await run.gradients(cotangent)).get('layer3');
 */
export async function createGradientSession(
  bytes: Uint8Array,
  options: DifferentiateOptions,
): Promise<GradientSession> {
  const { ort, signal } = options;
  const differentiated = await differentiate(bytes, options);
  const { scores, taps, layers, graph, forwardModel } = differentiated;
  const sessionOptions = sessionOptionsOf(options);
  const inputName = graph.inputs[0]!.name;
  const fetches = [...new Set([scores, ...layers, ...taps.map(({ name }) => name)])].filter(
    (name) => name !== inputName,
  );
  const forward = await orRuntimeError('differentiate', () =>
    ort.InferenceSession.create(forwardModel, sessionOptions),
  );
  const made: (() => Promise<void>)[] = [() => forward.release()];
  let backward: BackwardPass;
  try {
    throwIfAborted(signal, 'differentiate');
    backward = await orRuntimeError('differentiate', () =>
      createBackwardPass(differentiated, ort, sessionOptions),
    );
    made.push(() => backward.dispose());
    throwIfAborted(signal, 'differentiate');
  } catch (error) {
    for (const release of made) await release();
    throw error;
  }
  return {
    differentiated,
    run: async (input) => {
      const results = await orRuntimeError('run', () => forward.run({ [inputName]: input }, fetches));
      const values = new Map<string, OrtTensor>([...Object.entries(results), [inputName, input]]);
      const { dims } = values.get(scores)!;
      const size = dims.reduce((product, extent) => product * extent, 1);
      return {
        scores: { dims, data: await ortFloats(values.get(scores)!, scores) },
        value: (name) => {
          const tensor = values.get(name);
          if (!tensor)
            throw new ShapeError(`value: expected one of ${layers.join(', ')}; received "${name}".`);
          return ortFloats(tensor, name);
        },
        gradients: (cotangent, { signal } = {}) => {
          if (cotangent.length !== size) {
            throw new ShapeError(
              `gradients: expected a cotangent of [${dims}]; received ${cotangent.length} values.`,
            );
          }
          return orRuntimeError('gradients', () =>
            backward.run(values, new ort.Tensor('float32', cotangent, dims), { signal }),
          );
        },
        dispose: () => {
          for (const name of fetches) values.get(name)!.dispose();
        },
      };
    },
    dispose: async () => {
      await backward.dispose();
      await forward.release();
    },
  };
}
