import {
  type ExplainOptions,
  explain,
  type Model,
  type NdArray,
  pack,
  toProbabilities,
  view,
} from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { type CurveMode, curve } from '@hybridcam/metrics';
import { createOnnxModel } from '@hybridcam/onnx';
import { exampleScenes, generateScene, loadScenesNetwork } from '@hybridcam/scenes';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import * as ort from 'onnxruntime-node';
import { scenesPreprocessing } from '../src/worker/scenes-preprocessing.ts';

/** The same network on the same sample in Node: what the page must show. */
export interface Oracle {
  readonly model: Model;
  readonly input: NdArray<Float32Array>;
  saliency(options: ExplainOptions): Promise<Float32Array>;
  auc(map: Float32Array, mode: CurveMode, classIndex: number): Promise<number>;
}

export async function openOracle(sample: string): Promise<Oracle> {
  const network = await loadScenesNetwork();
  const model = await createOnnxModel(await scenesOnnxModel(network), {
    ort: ort as never,
    name: network.name,
    labels: network.classes,
  });
  const { options } = exampleScenes.find(({ name }) => name === sample)!;
  const { input } = preprocess(generateScene(options).image, scenesPreprocessing(network));
  const [, channels, height, width] = input.shape as [number, number, number, number];
  return {
    model,
    input,
    saliency: async (request) => pack((await explain(model, input, request)).saliencyMap),
    async auc(map, mode, classIndex) {
      const result = await curve(
        {
          scoreKind: 'probability',
          async score(batch) {
            const { logits } = await model.forward(batch);
            const [rows, classes] = logits.shape as [number, number];
            const values = pack(logits);
            const probabilities = new Float32Array(rows * classes);
            for (let row = 0; row < rows; row++) {
              probabilities.set(
                toProbabilities(values.subarray(row * classes, (row + 1) * classes)),
                row * classes,
              );
            }
            return view(probabilities, [rows, classes]);
          },
        },
        view(pack(input), [channels, height, width]),
        classIndex,
        view(map, [height, width]),
        { mode, protocol: 'rise' },
      );
      return result.auc;
    },
  };
}
