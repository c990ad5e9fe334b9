import { describe, expect, test } from 'vitest';
import type { OnnxNode } from '../../src/index.ts';
import { moduleScopes, preferredScope } from '../../src/layers/scopes.ts';

const named = (name: string, scopes?: string): OnnxNode => ({
  index: 0,
  name,
  opType: 'Relu',
  domain: '',
  inputs: [],
  outputs: [],
  attributes: new Map(),
  metadata: new Map(scopes === undefined ? [] : [['pkg.torch.onnx.name_scopes', scopes]]),
  captured: [],
  message: new Uint8Array(),
});

describe('moduleScopes', () => {
  test.each([
    ['/layer4/layer4.2/relu_2/Relu', ['layer4', 'layer4.2', 'layer4.2.relu_2']],
    ['/layers.51/conv/Conv', ['layers', 'layers.51', 'layers.51.conv']],
    ['/features/features.18/features.18.2/Clip', ['features', 'features.18', 'features.18.2']],
    [
      '/backbone/layer4/layer4.0/conv1/Conv',
      ['backbone', 'backbone.layer4', 'backbone.layer4.0', 'backbone.layer4.0.conv1'],
    ],
    [
      '/layer1/layer1.0/downsample/downsample.0/Conv',
      ['layer1', 'layer1.0', 'layer1.0.downsample', 'layer1.0.downsample.0'],
    ],
    ['/Flatten', []],
    ['Relu_121', []],
    ['', []],
    [
      'StatefulPartitionedCall/resnet50/conv5_block3_out/Relu',
      [
        'StatefulPartitionedCall',
        'StatefulPartitionedCall/resnet50',
        'StatefulPartitionedCall/resnet50/conv5_block3_out',
      ],
    ],
  ])('of node "%s"', (name, scopes) => {
    expect(moduleScopes(named(name))).toEqual(scopes);
  });

  test('of the dynamo exporter come from its metadata', () => {
    const node = named('node_relu_48', "['', 'layer4', 'layer4.2', 'layer4.2.relu', 'relu_48']");
    expect(moduleScopes(node)).toEqual(['layer4', 'layer4.2', 'layer4.2.relu']);
  });
});

describe('preferredScope', () => {
  test.each([
    [['layer4', 'layer4.2', 'layer4.2.relu_2'], 'layer4.2'],
    [['features', 'features.18', 'features.18.2'], 'features.18'],
    [['Mixed_7c'], 'Mixed_7c'],
    [[], undefined],
  ])('of %j is %s', (scopes, expected) => {
    expect(preferredScope(scopes)).toBe(expected);
  });
});
