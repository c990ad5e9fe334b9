import { hybrid, pack } from '@hybridcam/core';
import { presets } from '@hybridcam/image';
import { exampleScenes, loadScenesNetwork } from '@hybridcam/scenes';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, test } from 'vitest';
import { packArrays, unpackArrays } from '../src/pack-arrays.ts';
import type { LayerFacts, ModelFacts } from '../src/protocol.ts';
import { codeSnippet, type SnippetFacts } from '../src/text/code-snippet.ts';
import { costText, isSlow, whyNotMethod } from '../src/text/method-facts.ts';
import { guessPreset } from '../src/worker/guess-preset.ts';
import { scenesPreprocessing } from '../src/worker/scenes-preprocessing.ts';
import { openOracle } from './oracle.ts';
import { runProgram } from './run-program.ts';

describe('codeSnippet', () => {
  const facts = {
    source: 'onnx',
    model: 'my model.onnx',
    picture: { file: "it's.jpg" },
    preprocessing: presets.torchvision,
    method: 'hybrid',
    alpha: 0.3,
    targetLayer: ['layer4.2'],
    classIndex: 281,
    against: undefined,
  } as const satisfies SnippetFacts;

  test.each(['scenes', 'named', 'onnx', 'tfjs'] as const)('%s: imports exactly what it uses', (source) => {
    const text = codeSnippet({ ...facts, source });
    for (const [, names] of text.matchAll(/import \{ (.+?) \} from/g)) {
      for (const name of names!.split(', ')) expect(text.split(name).length).toBeGreaterThan(2);
    }
    expect(text).toContain('method: hybrid({ alpha: 0.3 })');
    expect(text).toContain('classIndex: 281,');
    expect(text).toContain("decode('it\\'s.jpg')");
  });

  test('a contrast is a margin, a method without alpha a name, one from outside has no layer', () => {
    const text = codeSnippet({ ...facts, method: 'fem', against: 285, source: 'scenes' });
    expect(text).toContain('target: margin(281, 285),');
    expect(text).toContain("method: 'fem',");
    expect(text).not.toContain('hybrid(');
    expect(text).toContain('scenesOnnxModel()');
    const outside = codeSnippet({ ...facts, method: 'rise', targetLayer: [] });
    expect(outside).toContain('target: logit(281),');
    expect(outside).not.toContain('targetLayer');
  });

  test('the program of a drawn scene needs no file: it runs, and gives explain’s map', async () => {
    const oracle = await openOracle('fish');
    const text = codeSnippet({
      ...facts,
      source: 'scenes',
      model: 'scenes',
      picture: { scene: exampleScenes[0]!.options },
      preprocessing: scenesPreprocessing(await loadScenesNetwork()),
      targetLayer: [oracle.model.defaultLayer],
      classIndex: 2,
    });
    const { saliencyMap } = await runProgram(text);
    expectClose(pack(saliencyMap), await oracle.saliency({ method: hybrid({ alpha: 0.3 }) }), {
      absolute: 1e-6,
    });
  });
});

test('packArrays and unpackArrays bring float32 arrays through JSON', () => {
  const value = { a: Float32Array.of(1, -0.1, 3e38), b: [{ c: new Float32Array(0) }], d: null, e: 'text' };
  expect(JSON.parse(JSON.stringify(packArrays(value)), unpackArrays)).toEqual(value);
});

describe('costText', () => {
  test('says passes and time before a method of many passes runs', () => {
    expect(costText('score-cam', { costs: { 'score-cam': 1281 }, passMs: 6.2 })).toBe(
      'Runs the network 1281 times, about 7.9 s here.',
    );
    expect(costText('rise', { costs: { rise: 4001 }, passMs: undefined })).toBe(
      'Runs the network 4001 times.',
    );
    expect(costText('score-cam', { costs: {}, passMs: 5 })).toContain('how many shows only while it runs');
  });

  test('says what runs of the rest of the network Ablation-CAM takes without a linear head', () => {
    expect(costText('ablation-cam', { costs: { 'ablation-cam': 1281 }, passMs: 6.2 })).toBe(
      'Runs the part of the network behind this layer 1280 times, at most about 7.9 s here.',
    );
    expect(costText('ablation-cam', { costs: {}, passMs: 5 })).toBe(
      'Runs the part of the network behind this layer once for each channel of the layer.',
    );
  });

  test('slow methods are those of many passes', () => {
    const slow = (['hybrid', 'eigen-cam', 'score-cam', 'occlusion'] as const).map((name) => isSlow(name, {}));
    expect(slow).toEqual([false, false, true, true]);
  });

  test('what is free behind a linear head is slow where its cost is not one pass, or not known', () => {
    expect(isSlow('ablation-cam', { 'ablation-cam': 1 })).toBe(false);
    expect(isSlow('ablation-cam', { 'ablation-cam': 1281 })).toBe(true);
    expect(isSlow('ablation-cam', {})).toBe(true);
    // Before the picture was explained nothing runs anyway.
    expect(isSlow('ablation-cam', undefined)).toBe(false);
  });
});

describe('whyNotMethod', () => {
  const layer: LayerFacts = {
    name: 'a',
    shape: [8, 7, 7],
    stride: 32,
    gradient: 'constant',
    blockedBy: undefined,
  };
  const model = { crossLayers: undefined, refused: {}, layers: [layer] } as unknown as ModelFacts;

  test('all single-layer methods of one pass run behind a pooled linear head', () => {
    for (const name of ['hybrid', 'grad-cam', 'cam', 'ablation-cam', 'eigen-cam'] as const) {
      expect(whyNotMethod(name, model, layer)).toBeUndefined();
    }
  });

  test('elsewhere the reason is named', () => {
    expect(whyNotMethod('cam', model, { ...layer, gradient: 'varying' })).toMatch(/global average pooling/);
    for (const gradient of ['varying', 'unavailable'] as const) {
      expect(whyNotMethod('ablation-cam', model, { ...layer, gradient })).toBeUndefined();
    }
    const blocked = { ...layer, gradient: 'unavailable', blockedBy: 'op Loop' } as const;
    expect(whyNotMethod('grad-cam', model, blocked)).toMatch(/op Loop/);
    expect(whyNotMethod('eigen-cam', model, blocked)).toBeUndefined();
    expect(whyNotMethod('cross-layer-hybrid', model, layer)).toMatch(/twice the resolution/);
    const refusing = { ...model, refused: { 'full-grad': 'none: op Loop' } };
    expect(whyNotMethod('full-grad', refusing, layer)).toBe('none: op Loop');
    expect(whyNotMethod('full-grad', model, blocked)).toBeUndefined();
    expect(whyNotMethod('rise', refusing, blocked)).toBeUndefined();
  });
});

test('guessPreset knows a few names, else torchvision', () => {
  expect(['resnet50.onnx', 'mobilenet_v2_imagenet.onnx', 'keras_vgg.onnx'].map(guessPreset)).toEqual([
    'torchvision',
    'minus-one-one',
    'keras-tf',
  ]);
});
