import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type GraphDescription, writeModel } from '@hybridcam/onnx';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Examination } from '../../src/cli/doctor/examine-model.ts';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyDescription, tinyModel, tinyModelWithExternalData } from '../tiny-model.ts';

let model: string;

beforeEach(() => {
  model = join(temporaryFolder(), 'tiny.onnx');
  writeFileSync(model, tinyModel({ shape: ['N', 3, 32, 32] }));
});

describe('hybridcam doctor', () => {
  it('says in words what works, what it costs and what to do next', async () => {
    const { code, stdout } = await runCommand(['doctor', model, '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny\.onnx\n/);
    expect(stdout).toMatch(/file +5\.\d kB, opset 13, IR 8, by hybridcam\n/);
    expect(stdout).toMatch(/graph +7 nodes: 2 Conv, 2 Relu, 1 GlobalAveragePool, 1 Flatten …\n/);
    expect(stdout).toMatch(/weights +1,145 in 4 tensors, 4\.6 kB, float32\n/);
    expect(stdout).toMatch(/input +"image", 3×32×32, any batch, float32, channels first/);
    expect(stdout).toMatch(/scores +5 classes, as logits\n/);
    expect(stdout).toMatch(/head +GlobalAveragePool → Flatten → Gemm: linear/);
    expect(stdout).toMatch(/default layer +second, 12×8×8: its gradient comes in closed form/);
    expect(stdout).toMatch(/cross-layer +second × first/);
    expect(stdout).toMatch(/forward pass +[\d.]+ ms +1\.00 ×/);
    expect(stdout).toMatch(/cross-layer-hybrid at second × first +[\d.]+ ms +[\d.]+ ×/);
    const [report, next] = stdout.split('\nNext:\n');
    expect(next!.split('\n')).toEqual([
      `  hybridcam explain photo.jpg --model ${model} --method cross-layer-hybrid`,
      `  hybridcam layers ${model}`,
      `  hybridcam bake ${model} -o model-cam.onnx`,
      '',
    ]);
    for (const line of report!.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await runCommand(['doctor', '--model', model, '--json', '--quiet']);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      model: { name: 'tiny.onnx' },
      classCount: 5,
      scoreKind: 'logit',
      file: { irVersion: 8, opsets: { onnx: 13 }, weights: { tensors: 4, externalFiles: [] } },
      classifier: { strippedActivation: null, head: { closedForm: true, linear: true, reason: null } },
      problem: null,
      defaultLayer: { name: 'second', shape: [12, 8, 8], gradient: 'constant', estimatedCost: 1 },
      layers: [{ name: 'first', stride: 2, layout: 'nchw', gradient: 'varying' }, { name: 'second' }],
      crossLayers: ['second', 'first'],
      blocks: [],
    });
    const methods = new Map<string, Examination['methods'][number]>(
      found.methods.map((method: Examination['methods'][number]) => [method.name, method]),
    );
    const refused = [...methods.values()].filter(({ refusal }) => refusal !== null);
    expect(refused.map(({ name, runs }) => [name, runs])).toEqual([
      ['full-grad', null],
      ['attention-rollout', null],
      ['le-grad', null],
    ]);
    // A linear head needs no run per channel.
    expect(['hybrid', 'ablation-cam', 'score-cam', 'rise'].map((name) => methods.get(name)!.runs)).toEqual([
      1, 1, 13, 4001,
    ]);
    expect(found.cost[0]).toMatchObject({ what: 'forward', ratio: 1 });
  });

  it('wants exactly one model: exit code 2', async () => {
    expect((await runCommand(['doctor'])).code).toBe(2);
  });

  /** The tiny model with other nodes between its two convolutions, or behind its logits. */
  const altered = (change: (graph: GraphDescription) => GraphDescription, opset = 13): void => {
    const { graph } = tinyDescription();
    writeFileSync(model, writeModel({ opsets: { '': opset }, graph: change(graph) }));
  };

  it('finds a softmax at the end and leaves it out', async () => {
    altered((graph) => ({
      ...graph,
      nodes: [...graph.nodes!, { opType: 'Softmax', inputs: ['logits'], outputs: ['probabilities'] }],
      outputs: [{ name: 'probabilities', dataType: 'float32', shape: ['N', 5] }],
    }));
    const { stdout } = await runCommand(['doctor', model, '-q']);
    expect(stdout).toMatch(/scores +5 classes, as logits, from before the final Softmax\n/);
  });

  it('describes a file of two outputs as far as it goes, and takes the one that is named', async () => {
    altered((graph) => ({
      ...graph,
      nodes: [...graph.nodes!, { opType: 'Neg', inputs: ['logits'], outputs: ['opposite'] }],
      outputs: [...graph.outputs!, { name: 'opposite', dataType: 'float32', shape: ['N', 5] }],
    }));
    const { code, stdout } = await runCommand(['doctor', model, '-q']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/weights +1,145 in 4 tensors/);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'expected one output with class scores; received "logits", "opposite"',
    );
    expect(stdout).toContain(`hybridcam doctor ${model} --output opposite\n`);
    const named = await runCommand(['doctor', model, '-q', '--output', 'opposite', '--json']);
    expect(named.code).toBe(0);
    const { classifier, next } = JSON.parse(named.stdout);
    expect(classifier.scores).toEqual({ output: 'opposite', tensor: 'opposite' });
    expect(next[0]).toContain('--output opposite');
  });

  it('tries the gradients: what only a plan refuses is named, and the layers before it have none', async () => {
    altered((graph) => {
      const at = graph.nodes!.findIndex(({ name }) => name === '/second/Conv');
      const pad = {
        opType: 'Pad',
        name: '/second/Pad',
        inputs: ['/first/Relu_output_0', 'pads'],
        outputs: ['padded'],
        attributes: { mode: 'wrap' },
      };
      const second = { ...graph.nodes![at]!, inputs: ['padded', 'second.weight'] };
      return {
        ...graph,
        nodes: graph.nodes!.toSpliced(at, 1, pad, second),
        initializers: [
          ...graph.initializers!,
          { name: 'pads', dims: [8], dataType: 'int64', data: [0, 0, -1, -1, 0, 0, 1, 1] },
        ],
      };
    }, 19);
    const { code, stdout } = await runCommand(['doctor', model, '-q']);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'not here attention-rollout: expected attention matrices; received none: no step of the network is a softmax',
    );
    expect(stdout).toMatch(/layers +1 in closed form, 0 by a backward pass, 1 without a gradient/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /blocked first: Pad "\/second\/Pad" cannot be differentiated: it wraps with a negative amount; layers from "padded" on work/,
    );
  });

  it('says what ablation costs where the head is none that has a closed form', async () => {
    altered((graph) => ({
      ...graph,
      nodes: [
        ...graph.nodes!.slice(0, -3),
        { opType: 'Flatten', inputs: ['/second/Relu_output_0'], outputs: ['flat'] },
        { opType: 'MatMul', inputs: ['flat', 'wide'], outputs: ['logits'] },
      ],
      initializers: [
        ...graph.initializers!,
        { name: 'wide', dims: [768, 5], dataType: 'float32', data: new Float32Array(3840).fill(0.01) },
      ],
    }));
    const { code, stdout } = await runCommand(['doctor', model, '-q']);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /many runs of the network, or of what is behind the layer: ablation-cam 13, .*score-cam 13/,
    );
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /not here .*cam, shapley-cam: expected global average pooling \+ linear behind "second"; received another head/,
    );
  });

  it('says where a gradient is 0', async () => {
    writeFileSync(model, tinyModel({ headWeight: 0 }));
    const { stdout } = await runCommand(['doctor', model, '-q']);
    expect(stdout).toMatch(/hybrid at second .*\n {4}The target does not depend on this layer here/);
  });

  it('offers a model without maps what sees it from outside', async () => {
    altered((graph) => ({
      ...graph,
      nodes: [
        { opType: 'Flatten', inputs: ['image'], outputs: ['flat'] },
        { opType: 'MatMul', inputs: ['flat', 'weight'], outputs: ['logits'] },
      ],
      initializers: [
        { name: 'weight', dims: [3072, 5], dataType: 'float32', data: new Float32Array(15360).fill(0.01) },
      ],
    }));
    const { code, stdout } = await runCommand(['doctor', model, '-q']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/default layer +none/);
    expect(stdout).toMatch(/methods +rise, occlusion\n/);
    expect(stdout).toMatch(/not here +hybrid, /);
    expect(stdout).toContain(`explain photo.jpg --model ${model} --method rise\n`);
  });

  it('names the files that hold weights', async () => {
    const external = tinyModelWithExternalData('tiny.bin');
    writeFileSync(model, external.model);
    writeFileSync(join(dirname(model), 'tiny.bin'), external.weights);
    const { code, stdout } = await runCommand(['doctor', model, '-q']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/weights +1,145 in 4 tensors, 4\.6 kB, float32, in tiny\.bin\n/);
  });

  it('has nothing to say of a file that is no model: exit code 1', async () => {
    writeFileSync(model, '<!DOCTYPE html>');
    const { code, stdout, stderr } = await runCommand(['doctor', model, '-q']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('an HTML page');
  });
});
