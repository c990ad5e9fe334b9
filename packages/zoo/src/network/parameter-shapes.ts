import { elementCount } from './element-count.ts';
import type { Network, Step } from './network.ts';

/** Name and shape of every parameter and running statistic of a network, in execution order. */
export function parameterShapes(network: Network): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const step of network.steps) {
    const prefix = parameterPrefix(step);
    if (step.op === 'convolution') {
      shapes.set(`${prefix}.weight`, [
        step.outChannels,
        step.inChannels / step.groups,
        step.kernel,
        step.kernel,
      ]);
      if (step.bias) shapes.set(`${prefix}.bias`, [step.outChannels]);
    } else if (step.op === 'batch-norm') {
      for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
        shapes.set(`${prefix}.${part}`, [step.channels]);
      }
    } else if (step.op === 'linear') {
      shapes.set(`${prefix}.weight`, [step.outFeatures, step.inFeatures]);
      shapes.set(`${prefix}.bias`, [step.outFeatures]);
    }
  }
  return shapes;
}

/** Learnt parameters, running statistics not counted: 25 557 032 for ResNet-50. */
export function parameterCount(network: Network): number {
  let count = 0;
  for (const [name, shape] of parameterShapes(network)) {
    if (!name.includes('.running_')) count += elementCount(shape);
  }
  return count;
}

/** What stands before `.weight` in the checkpoint. */
export function parameterPrefix(step: Step): string {
  return step.parameters ?? step.name;
}
