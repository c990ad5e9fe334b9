import type { Plan } from './plan-request.ts';

/** Smooth Grad-CAM++ takes gradients of its own, under noise. */
export function needsGradients({ facts }: Plan['method']): boolean {
  return facts.needs === 'gradients' && facts.forwards === undefined;
}
