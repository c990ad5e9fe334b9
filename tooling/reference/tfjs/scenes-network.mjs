import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The scenes network in both forms, with held-out scenes: what `runParity` compares. Its tfjs form is written to a folder that the caller removes. */
export async function scenesParityNetwork(load, count) {
  const rooms = path.resolve(import.meta.dirname, '../../../packages');
  const { loadScenesNetwork, generateScene, heldOutSeed } = await load(`${rooms}/scenes/src/index.ts`);
  const { scenesOnnxModel } = await load(`${rooms}/zoo/src/onnx.ts`);
  const { layersModel } = await load(`${rooms}/zoo/src/tfjs.ts`);
  const { view } = await load(`${rooms}/core/src/index.ts`);
  const { useBackend } = await load('/test/use-backend.ts');
  const network = await loadScenesNetwork();
  await useBackend('cpu');
  const model = layersModel(network, network.parameters);
  const folder = await saved(model);
  model.dispose();
  const same = (name) => ({ onnx: name, tfjs: name });
  return {
    onnx: await scenesOnnxModel(network),
    tfjs: folder,
    last: same('layer4.1'),
    middle: same('layer2.1'),
    kinks: network.steps
      .filter(({ op, name }) => op === 'relu' && /^layer[34]/.test(name))
      .map(({ name }) => same(name)),
    ceiling: Number.POSITIVE_INFINITY,
    pictures: Array.from({ length: count }, (_, i) => {
      const scene = generateScene({ seed: heldOutSeed + i });
      const { channels, height, width } = network.input;
      const input = Float32Array.from({ length: channels * height * width }, (_value, j) => {
        const [channel, cell] = [Math.floor(j / (height * width)), j % (height * width)];
        return (scene.image.data[4 * cell + channel] / 255 - network.mean[channel]) / network.std[channel];
      });
      return { name: `scene ${heldOutSeed + i}`, input: view(input, [1, channels, height, width]) };
    }),
  };
}

async function saved(model) {
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-parity-'));
  await model.save({
    async save({ modelTopology, weightSpecs, weightData }) {
      writeFileSync(
        path.join(folder, 'model.json'),
        JSON.stringify({
          modelTopology,
          weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
        }),
      );
      writeFileSync(path.join(folder, 'weights.bin'), new Uint8Array(weightData));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  return folder;
}
