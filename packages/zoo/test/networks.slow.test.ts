import { describe, it } from 'vitest';
import { type ZooName, zoo } from '../src/index.ts';
import { buildOnnx } from '../src/onnx.ts';
import { buildTfjs } from '../src/tfjs.ts';
import { computedInput, computedParameters } from './computed-parameters.ts';
import { onnxLogits, tfjsLogits, useBackend } from './run-logits.ts';
import { expectTorchvisionLogits } from './torchvision-logits.ts';

describe.each(Object.keys(zoo) as ZooName[])('%s with computed weights', (name) => {
  it('gives torchvision’s logits on ONNX Runtime and on tfjs (wasm)', { timeout: 300_000 }, async () => {
    const parameters = computedParameters(zoo[name].network());
    expectTorchvisionLogits(name, await onnxLogits(buildOnnx(name, parameters), computedInput()));
    await useBackend('wasm');
    const model = buildTfjs(name, parameters);
    expectTorchvisionLogits(name, await tfjsLogits(model, computedInput()));
    model.dispose();
  });
});
