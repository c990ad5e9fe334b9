// Maps of the scenes network by what `explain` does not offer by name. Transformers' methods are not among them: the network is none.
import { centredMap, finer, randomMap } from '@hybridcam/core';
import { explainMany } from 'hybridcam';

/** Of RefineCAM: from the default layer to one of four times its resolution. */
const REFINED = ['layer4.1', 'layer3.1', 'layer2.1'];

/** What measures them: a name to `(image, seen, classIndex) → explanations`, as the methods of `explain` have it. */
export function openFurtherMaps(model) {
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
      'random-map': async (_, seen) => bare(seen, randomMap(seen.height, seen.width, 0), 'no model'),
      'centred-map': async (_, seen) => bare(seen, centredMap(seen.height, seen.width), 'no model'),
    },
  };
}
