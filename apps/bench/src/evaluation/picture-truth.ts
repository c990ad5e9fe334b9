import { pack } from '@hybridcam/core';
import { type Image, type Preprocessing, preprocess } from '@hybridcam/image';
import type { Evidence } from '@hybridcam/metrics';
import type { Truth } from '../images/image-item.ts';
import { encodePicture, type PictureRecord } from '../records/picture-record.ts';

/** What the report shows of a truth: the true class, and the evidence as the network's crop of it. */
export function pictureTruth(
  truth: Truth | undefined,
  image: Image,
  preprocessing: Preprocessing,
): PictureRecord['truth'] {
  if (!truth) return undefined;
  const { classIndex, evidence } = truth;
  return {
    ...(classIndex === undefined ? {} : { class: classIndex }),
    ...(evidence
      ? { evidence: encodePicture(preprocess(maskPicture(evidence, image), preprocessing).seen) }
      : {}),
  };
}

/** White where the evidence is, black elsewhere. */
function maskPicture(evidence: Evidence, image: Image): Image {
  const { width, height } = image;
  const isEvidence = insideOf(evidence, width);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.fill(isEvidence(i) ? 255 : 0, 4 * i, 4 * i + 3);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { ...image, data };
}

function insideOf(evidence: Evidence, width: number): (pixel: number) => boolean {
  if ('data' in evidence) {
    const values = pack(evidence);
    return (pixel) => values[pixel]! > 0;
  }
  const { left, top, right, bottom } = evidence;
  return (pixel) => {
    const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
    return x > left && x < right && y > top && y < bottom;
  };
}
