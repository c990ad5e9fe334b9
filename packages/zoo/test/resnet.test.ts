import { ModelFormatError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { checkParameters, foldBatchNorm, parameterCount, type ResNetDepth, resnet } from '../src/index.ts';
import { computedParameters } from './computed-parameters.ts';

describe('resnet', () => {
  it.each([
    [18, 11_689_512],
    [34, 21_797_672],
    [50, 25_557_032],
    [101, 44_549_160],
    [152, 60_192_808],
  ] as const)('%i has torchvision’s %i parameters', (depth, count) => {
    expect(parameterCount(resnet(depth))).toBe(count);
  });

  it('refuses another depth', () => {
    expect(() => resnet(42 as ResNetDepth)).toThrow('expected depth 18, 34, 50, 101 or 152; received 42');
  });

  it('names missing, unexpected and misshapen tensors of a checkpoint', () => {
    const network = resnet(18);
    const parameters = computedParameters(network);
    parameters.delete('conv1.weight');
    parameters.set('head.weight', { shape: [1], data: new Float32Array(1) });
    parameters.set('fc.bias', { shape: [10], data: new Float32Array(10) });
    parameters.set('bn1.num_batches_tracked', { shape: [], data: new Float32Array(1) });
    expect(() => checkParameters(network, parameters)).toThrow(ModelFormatError);
    expect(() => checkParameters(network, parameters)).toThrow(
      '1 missing: conv1.weight; 1 unexpected: head.weight; 1 misshapen: fc.bias [10] instead of [1000]',
    );
  });

  it('folding leaves no batch norm and keeps block names', () => {
    const network = resnet(50);
    const folded = foldBatchNorm(network, computedParameters(network));
    expect(folded.network.steps.some((step) => step.op === 'batch-norm')).toBe(false);
    expect(folded.network.steps.find((step) => step.name === 'layer4.2')).toBeDefined();
    expect(folded.parameters.has('bn1.weight')).toBe(false);
    // The given network and parameters are still what they were.
    expect(network.steps.some((step) => step.op === 'batch-norm')).toBe(true);
  });
});
