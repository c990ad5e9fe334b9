import { ShapeError, throwIfAborted } from '@hybridcam/core';
import type { BackwardGradient, BackwardPass } from '../backward.ts';
import type { OrtRuntime, OrtSessionOptions, OrtTensor } from '../ort.ts';
import { ortFloats } from '../runtime/ort-floats.ts';
import { orRuntimeError } from '../runtime/runtime-error.ts';
import type { PlannedTensor } from './backward-model.ts';
import type { BackwardPlan } from './plan.ts';
import { tapNodes } from './tap-nodes.ts';

/** A session over a plan's backward model. `sessionOptions` names the same external data as for the forward model. */
export async function createBackwardPass(
  plan: BackwardPlan,
  ort: OrtRuntime,
  sessionOptions: OrtSessionOptions,
): Promise<BackwardPass> {
  const session = await ort.InferenceSession.create(plan.backwardModel, sessionOptions);
  return {
    taps: plan.taps.map(({ name }) => name),
    tapNodes: tapNodes(plan.taps),
    run: async (taps, cotangent, options) => {
      throwIfAborted(options?.signal, 'gradients');
      const feeds: Record<string, OrtTensor> = { [plan.cotangent.name]: checked(plan.cotangent, cotangent) };
      for (const tap of plan.taps) {
        const tensor = taps.get(tap.name);
        if (!tensor)
          throw new ShapeError(
            `gradients: expected tensor "${tap.name}" of the forward run; it was not given.`,
          );
        feeds[tap.name] = checked(tap, tensor);
      }
      const outputs = plan.gradients.map(({ name }) => name);
      const results = await orRuntimeError('gradients', () => session.run(feeds, outputs));
      const gradients = new Map<string, BackwardGradient>();
      for (const planned of plan.gradients) {
        const result = checked(planned, results[planned.name]!);
        gradients.set(planned.layer, {
          dims: result.dims,
          data: await ortFloats(result, planned.name),
        });
        result.dispose();
      }
      return gradients;
    },
    dispose: () => session.release(),
  };
}

/** Optimisation can change what a pool computes at its edge: a tensor of another shape than planned must not pass silently. */
function checked(planned: PlannedTensor, tensor: OrtTensor): OrtTensor {
  const fits =
    tensor.dims.length === planned.dims.length &&
    planned.dims.every((extent, axis) => extent === undefined || extent === tensor.dims[axis]);
  if (fits) return tensor;
  throw new ShapeError(
    `gradients: expected "${planned.name}" of shape [${planned.dims.map((extent) => extent ?? 'any')}]; received [${tensor.dims}]. Plan again for this input size.`,
  );
}
