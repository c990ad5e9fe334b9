import { createHash } from 'node:crypto';
import { preprocess } from '@hybridcam/image';
import { createOnnxModel } from '@hybridcam/onnx';
import { exampleScenes, generateScene, loadScenesNetwork } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import type { Plugin } from 'vite';
import { packArrays } from '../src/pack-arrays.ts';
import type { ShippedExplanation } from '../src/shipped.ts';
import { explainPicture } from '../src/worker/explain-picture.ts';
import { scenesPreprocessing } from '../src/worker/scenes-preprocessing.ts';

const moduleName = 'virtual:shipped-explanation';
/** Side of the pictures in the gallery. */
const thumbnailSide = 96;

/**
 * Pictures of the gallery, and the explanation of the first one, made by the same code as the page's own: what is shown until the
 * network runs. Nothing of it is kept in the repository, so it can never be an old one.
 */
export function shippedSamples(): Plugin {
  const files = new Map<string, Uint8Array>();
  return {
    name: 'hybridcam:shipped-samples',
    resolveId: (id) => (id === moduleName ? `\0${moduleName}` : undefined),
    async load(id) {
      if (id !== `\0${moduleName}`) return undefined;
      const shipped = await explainFirstSample();
      return `export default ${JSON.stringify(JSON.stringify(packArrays(shipped)))};`;
    },
    async buildStart() {
      for (const { name, options } of exampleScenes) {
        files.set(
          `samples/${name}.png`,
          encodePng(generateScene({ ...options, size: thumbnailSide }).image, { level: 9 }),
        );
      }
      const first = exampleScenes[0]!;
      const { data, width, height } = generateScene(first.options).image;
      files.set(
        `samples/${first.name}-large.webp`,
        await sharp(data, { raw: { width, height, channels: 4 } })
          .webp({ quality: 85 })
          .toBuffer(),
      );
    },
    generateBundle() {
      for (const [fileName, source] of files) this.emitFile({ type: 'asset', fileName, source });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = files.get((request.url ?? '').replace(/^\//, ''));
        if (!file) return next();
        response.setHeader('content-type', request.url?.endsWith('.webp') ? 'image/webp' : 'image/png');
        response.end(file);
      });
    },
  };
}

async function explainFirstSample(): Promise<ShippedExplanation> {
  const network = await loadScenesNetwork();
  const bytes = await scenesOnnxModel(network);
  const model = await createOnnxModel(bytes, {
    ort: ort as never,
    name: network.name,
    labels: network.classes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  const { name, options } = exampleScenes[0]!;
  const { image } = generateScene(options);
  const { input, geometry } = preprocess(image, scenesPreprocessing(network));
  const evidence = await explainPicture(model, input, {
    layer: undefined,
    method: 'hybrid',
    classIndex: undefined,
    against: undefined,
  });
  await model.dispose();
  return {
    sample: name,
    picture: `samples/${name}-large.webp`,
    width: image.width,
    height: image.height,
    geometry,
    labels: network.classes,
    // Maps of the other classes come with the network.
    evidence: { ...evidence, classMaps: undefined },
  };
}
