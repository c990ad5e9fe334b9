import type { BackwardContext } from '../backward.ts';
import type { OrtSession, OrtTensor } from '../ort.ts';
import { orRuntimeError } from './runtime-error.ts';
import { tailModel } from './tail-model.ts';
import { planTail, type TailPlan } from './tail-plan.ts';

/** Runs of the network behind a layer, by the layer's tensor. */
export interface Tails {
  /** Tensors of the forward run that `run` needs beside the layer's own. */
  sides(tensor: string): readonly string[];
  /** The scores; `values` holds the sides and, under the layer's name, what takes its place. Not to be called while a run is under way. */
  run(tensor: string, values: ReadonlyMap<string, OrtTensor>): Promise<OrtTensor>;
  release(): Promise<void>;
}

/** Each session holds the weights behind its layer once more. */
const MAX_SESSIONS = 2;

export function createTails(context: BackwardContext): Tails {
  const { graph, ort, scores, sessionOptions } = context;
  const plans = new Map<string, TailPlan>();
  const sessions = new Map<string, OrtSession>();
  const planOf = (tensor: string): TailPlan => {
    const plan = plans.get(tensor) ?? planTail(graph, tensor, scores);
    plans.set(tensor, plan);
    return plan;
  };
  return {
    sides: (tensor) => planOf(tensor).sides,
    run: async (tensor, values) => {
      const plan = planOf(tensor);
      const inputs = new Map([tensor, ...plan.sides].map((name) => [name, values.get(name)!]));
      const session =
        sessions.get(tensor) ??
        (await orRuntimeError('scoresFrom', () =>
          ort.InferenceSession.create(tailModel(context, plan, inputs), sessionOptions),
        ));
      // Most recently used last.
      sessions.delete(tensor);
      sessions.set(tensor, session);
      for (const [oldest, unused] of sessions) {
        if (sessions.size <= MAX_SESSIONS) break;
        sessions.delete(oldest);
        await unused.release();
      }
      const results = await orRuntimeError('scoresFrom', () =>
        session.run(Object.fromEntries(inputs), [scores]),
      );
      return results[scores]!;
    },
    release: async () => {
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    },
  };
}
