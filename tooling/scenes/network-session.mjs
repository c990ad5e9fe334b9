import { readFileSync } from 'node:fs';
import { loadScenesNetwork, readScenesNetwork } from '@hybridcam/scenes';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import ort from 'onnxruntime-node';

/** A network file, or the carried one where no path is given. */
export function readNetwork(path) {
  return path === undefined ? loadScenesNetwork() : readScenesNetwork(new Uint8Array(readFileSync(path)));
}

/** Scenes to the network's input: [scenes, 3, height, width] of (pixel / 255 − mean) / std. */
export function toInput(scenes, network) {
  const { channels, height, width } = network.input;
  const plane = height * width;
  const input = new Float32Array(scenes.length * channels * plane);
  scenes.forEach((scene, n) => {
    for (let c = 0; c < channels; c++) {
      const offset = (n * channels + c) * plane;
      for (let i = 0; i < plane; i++) {
        input[offset + i] = (scene.image.data[4 * i + c] / 255 - network.mean[c]) / network.std[c];
      }
    }
  });
  return input;
}

/** `scores(scenes)` gives the logits of each, from ONNX Runtime; `predict(scenes)` the class indices. */
export async function openSession(network) {
  const session = await ort.InferenceSession.create(await scenesOnnxModel(network), { intraOpNumThreads: 1 });
  const { channels, height, width } = network.input;
  const scores = async (scenes) => {
    const rows = [];
    for (let start = 0; start < scenes.length; start += 50) {
      const batch = scenes.slice(start, start + 50);
      const tensor = new ort.Tensor('float32', toInput(batch, network), [
        batch.length,
        channels,
        height,
        width,
      ]);
      const { logits } = await session.run({ [network.input.name]: tensor });
      for (let i = 0; i < batch.length; i++) {
        rows.push(logits.data.slice(i * network.classCount, (i + 1) * network.classCount));
      }
    }
    return rows;
  };
  return {
    scores,
    predict: async (scenes) => (await scores(scenes)).map((row) => row.indexOf(Math.max(...row))),
  };
}
