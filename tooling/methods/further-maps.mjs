// Maps of the scenes network by what `explain` does not offer by name. Transformers' methods are not among them: the network is none.
import { centredMap, finer, fullGrad, normalize, randomMap, view } from '@hybridcam/core';
import { readOnnx, tensorFloats } from '@hybridcam/onnx';
import { createGradientSession } from '@hybridcam/onnx/autodiff';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { explainMany } from 'hybridcam';
import * as ort from 'onnxruntime-node';

/** Of RefineCAM: from the default layer to one of four times its resolution. */
const REFINED = ['layer4.1', 'layer3.1', 'layer2.1'];

/** FullGrad of the scenes network, whose batch normalisations are folded into the biases of its convolutions. */
async function openFullGrad() {
  const bytes = await scenesOnnxModel();
  const { graph } = readOnnx(bytes);
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const layers = graph.nodes
    .filter(({ opType, inputs }) => opType === 'Conv' && inputs[2])
    .map(({ inputs, outputs }) => ({
      name: outputs[0],
      bias: tensorFloats(initializers.get(inputs[2])),
    }));
  const session = await createGradientSession(bytes, {
    ort,
    wrt: ['input', ...layers.map(({ name }) => name)],
  });
  const chw = ({ data, dims }) => view(data, dims.slice(1));
  return {
    async map({ width, height, data }, classIndex) {
      const pixels = Float32Array.from({ length: 3 * height * width }, (_, i) => {
        const cell = i % (height * width);
        return data[4 * cell + Math.floor(i / (height * width))] / 127.5 - 1;
      });
      const run = await session.run(new ort.Tensor('float32', pixels, [1, 3, height, width]));
      const cotangent = Float32Array.from(run.scores.data, (_, i) => Number(i === classIndex));
      const gradients = await run.gradients(cotangent);
      run.dispose();
      return fullGrad(
        view(pixels, [3, height, width]),
        chw(gradients.get('input')),
        layers.map(({ name, bias }) => ({
          bias: view(bias, [bias.length]),
          gradients: chw(gradients.get(name)),
        })),
      );
    },
    dispose: () => session.dispose(),
  };
}

/** What measures them: a name to `(image, seen, classIndex) → explanations`, as the methods of `explain` have it. */
export async function openFurtherMaps(model) {
  const full = await openFullGrad();
  const bare = (seen, map, title) => [{ map, seen, title, status: 'ok' }];
  const explained = async (image, request) => {
    const [found] = await explainMany(model, image, [request]);
    const title = found.record.targetLayers.join(' × ');
    return [{ map: found.saliencyMap, seen: found.seen, title, status: found.status }];
  };
  return {
    maps: {
      'finer-cam': (image, _, classIndex) =>
        explained(image, { method: 'grad-cam', target: finer(classIndex) }),
      'refine-cam': (image, _, classIndex) =>
        explained(image, {
          method: 'grad-cam',
          classIndex,
          targetLayer: REFINED,
          layerFusion: 'product',
          normalize: 'minmax',
        }),
      'full-grad': async (_, seen, classIndex) =>
        bare(seen, normalize(await full.map(seen, classIndex), 'minmax'), 'whole network'),
      'random-map': async (_, seen) => bare(seen, randomMap(seen.height, seen.width, 0), 'no model'),
      'centred-map': async (_, seen) => bare(seen, centredMap(seen.height, seen.width), 'no model'),
    },
    dispose: () => full.dispose(),
  };
}
