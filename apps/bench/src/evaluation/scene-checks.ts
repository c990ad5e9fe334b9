import {
  type ArrayView,
  type ExplainRequest,
  type Explanation,
  explainMany,
  type Model,
  pack,
  view,
} from '@hybridcam/core';
import { type Image, type Preprocessing, placeOnOriginal, preprocess } from '@hybridcam/image';
import {
  backgroundIndependence,
  energy,
  type ImageCache,
  intervention,
  type RenderedPart,
  type Subject,
} from '@hybridcam/metrics';
import type { SceneVariations } from '../images/image-item.ts';
import { once } from './once.ts';

/** What a scene that can be drawn again says about one map. */
export interface SceneChecks {
  /** Spearman's correlation of what removing a part takes from the score and the map's density on it; undefined below two parts. */
  intervention(onPicture: ArrayView): Promise<number | undefined>;
  /** Of the network: the same for every map. */
  backgroundIndependence(): Promise<number>;
  /**
   * Share of the map on the mark, less the share in that place when the scene is drawn without it; 'no-mark', 'no-method' for a map that no
   * request made, 'empty-map'.
   */
  cleverHans(onPicture: ArrayView): Promise<number | 'no-mark' | 'no-method' | 'empty-map'>;
}

export interface SceneCheckOptions {
  readonly scene: SceneVariations;
  readonly model: Model;
  readonly subject: Subject;
  readonly preprocessing: Preprocessing;
  /** [channels, height, width] */
  readonly input: ArrayView;
  readonly requests: readonly ExplainRequest[];
  readonly classIndex: number;
  readonly cache: ImageCache;
  readonly signal?: AbortSignal | undefined;
}

/** The checks of an image by the index of a request; other pictures are drawn, and scored or explained, once for all maps. */
export function sceneChecks(options: SceneCheckOptions): (request: number | undefined) => SceneChecks {
  const { scene, model, subject, preprocessing, input, requests, classIndex, cache, signal } = options;
  const inputOf = (image: Image): ArrayView => {
    const { input: batch } = preprocess(image, preprocessing);
    return view(pack(batch), batch.shape.slice(1));
  };
  const parts = once(
    async (): Promise<RenderedPart[]> =>
      scene.parts.map(({ name, evidence, without }) => ({ name, evidence, without: inputOf(without()) })),
  );
  const unmarked = once(async () => {
    const { input: without, geometry } = preprocess(scene.mark!.without(), preprocessing);
    const explained = await explainMany(
      model,
      without,
      requests.map((request) => ({ ...request, classIndex })),
      { signal },
    );
    return { explained, place: ({ saliencyMap }: Explanation) => placeOnOriginal(saliencyMap, geometry).map };
  });
  const independence = once(() =>
    backgroundIndependence(subject, input, scene.otherBackgrounds().map(inputOf)),
  );
  return (request) => ({
    async intervention(onPicture) {
      const rendered = await parts();
      if (rendered.length < 2) return undefined;
      return (await intervention(subject, input, classIndex, onPicture, rendered, { cache })).agreement;
    },
    backgroundIndependence: independence,
    async cleverHans(onPicture) {
      if (!scene.mark) return 'no-mark';
      if (request === undefined) return 'no-method';
      const { explained, place } = await unmarked();
      const share = (map: ArrayView) => energy(map, scene.mark!.evidence)?.energy;
      const [marked, plain] = [share(onPicture), share(place(explained[request]!))];
      return marked === undefined || plain === undefined ? 'empty-map' : marked - plain;
    },
  });
}
