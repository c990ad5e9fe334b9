import type { OrtSessionOptions } from '../ort.ts';
import { onWebGpu } from '../runtime/on-web-gpu.ts';
import type { RuleOptions } from './rule.ts';

export const DEFAULT_RULE_OPTIONS: RuleOptions = { convolution: 'flip', maxPool: 'compare' };

/**
 * What fits where sessions run. On WebGPU onnxruntime-web 1.30 computes convolutions larger than 1×1 wrongly whose input channels are a
 * multiple of 3 and not of 4 (6, 9, 18, 30 into 4; onnxruntime#29651). Those of the backward pass would be new ones that the forward model does
 * not have; its ConvTranspose is right.
 */
export function defaultRules(sessionOptions: OrtSessionOptions | undefined): RuleOptions {
  return onWebGpu(sessionOptions)
    ? { ...DEFAULT_RULE_OPTIONS, convolution: 'transpose' }
    : DEFAULT_RULE_OPTIONS;
}
