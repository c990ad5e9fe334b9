import { CamError, explainMany, type NdArray, pack, view } from '@hybridcam/core';
import { placeOnOriginal, preprocess } from '@hybridcam/image';
import { createImageCache, metricFacts } from '@hybridcam/metrics';
import type { ImageItem, Truth } from '../images/image-item.ts';
import { contentKey } from '../records/canonical-json.ts';
import type { Keys } from '../records/key-set.ts';
import { encodeMap, encodePicture, type PictureRecord } from '../records/picture-record.ts';
import { type CurveRecord, type MetricRecord, RECORD_VERSION } from '../records/record.ts';
import type { ImageResult } from '../records/run-folder.ts';
import { summaryTitle } from '../summary/summarise.ts';
import { centreMap, controlSeed, oracleMap, randomMap } from './control-map.ts';
import type { Evaluation } from './evaluation.ts';
import { type MeasuredImage, type Measurement, measure, measuredMap } from './measure.ts';
import { presetName } from './metric-plan.ts';
import { type MissingRow, missingRows } from './missing-rows.ts';
import { pictureTruth } from './picture-truth.ts';
import { truthOf } from './record-key.ts';
import { sanityChecks } from './sanity-checks.ts';
import { sceneChecks } from './scene-checks.ts';

/** Every number of one image that is not among the keys that are done. @throws as `evaluateMissing` */
export function evaluateImage(evaluation: Evaluation, item: ImageItem, done: Keys): Promise<ImageResult> {
  return evaluateMissing(evaluation, item, missingRows(evaluation, item, done));
}

/**
 * The missing numbers of one image: one decode, one forward pass for all maps, then the metrics. An image that cannot be decoded
 * or explained becomes a failure row.
 * @throws AbortedError; nothing else that one image can cause
 */
export async function evaluateMissing(
  evaluation: Evaluation,
  item: ImageItem,
  missing: readonly MissingRow[],
): Promise<ImageResult> {
  if (missing.length === 0) return { records: [], curves: [] };
  try {
    return await evaluate(evaluation, item, missing);
  } catch (error) {
    if (error instanceof CamError && error.code === 'ABORTED') throw error;
    const code = error instanceof CamError ? error.code : 'UNEXPECTED';
    const message = error instanceof Error ? error.message : String(error);
    const key = contentKey([evaluation.protocolHash, item.sha256, 'failure']);
    return {
      records: [],
      curves: [],
      failure: { v: RECORD_VERSION, key, image: item.name, error: { code, message } },
    };
  }
}

async function evaluate(
  evaluation: Evaluation,
  item: ImageItem,
  missing: readonly MissingRow[],
): Promise<ImageResult> {
  const { model, plan, signal, seed } = evaluation;
  const { image, truth, scene } = await item.decode();
  const { input, geometry, seen } = preprocess(image, evaluation.preprocessing);
  // At least one request: it settles the class, even when only controls are missing.
  const wanted = evaluation.rows.flatMap((row) =>
    row.source.kind === 'request' ? [{ row, request: row.source.request }] : [],
  );
  const explained = await explainMany(
    model,
    input,
    wanted.map(({ request }) => request),
    { signal },
  );
  const first = explained[0]!;
  const classIndex = first.classIndex!;
  const probability = first.scores.probabilities.data[classIndex]!;
  const [, channels, height, width] = input.shape as [number, number, number, number];
  const inputScore =
    evaluation.subject.scoreKind === 'probability' ? probability : first.scores.logits!.data[classIndex]!;
  const measured: MeasuredImage = {
    subject: evaluation.subject,
    input: view(pack(input), [channels, height, width]),
    classIndex,
    inputScore,
    preprocessing: evaluation.preprocessing,
    truth,
    cache: createImageCache({ classIndex, inputScore }, evaluation.baselineScores),
    seed,
  };
  const sanity = sanityChecks({
    model,
    randomised: evaluation.randomised,
    input,
    requests: wanted.map(({ request }) => request),
    explained,
    classIndex,
    seed,
    signal,
  });
  const varied =
    scene &&
    sceneChecks({
      scene,
      model,
      subject: evaluation.subject,
      preprocessing: evaluation.preprocessing,
      input: measured.input,
      requests: wanted.map(({ request }) => request),
      classIndex,
      cache: measured.cache,
      signal,
    });
  const records: MetricRecord[] = [];
  const curves: CurveRecord[] = [];
  for (const { row, metrics } of missing) {
    const index = wanted.findIndex((other) => other.row === row);
    const explanation = index < 0 ? undefined : explained[index];
    const control = row.source.kind === 'control' ? row.source.control : undefined;
    const oracle = control === 'oracle' ? oracleOf(truth, first.cam.shape) : undefined;
    const saliencyMap =
      explanation?.saliencyMap ??
      (control === 'random'
        ? randomMap(height, width, controlSeed(item.sha256, seed))
        : control === 'centre'
          ? centreMap(height, width)
          : oracle);
    const map =
      saliencyMap &&
      measuredMap(
        measured,
        saliencyMap,
        (values) => oracle ?? placeOnOriginal(values, geometry).map,
        sanity[index],
        varied?.(index < 0 ? undefined : index),
      );
    // The oracle lives on the picture: metrics on the network's input know it only where both are of one size.
    const atInputSize = saliencyMap?.shape[0] === height && saliencyMap.shape[1] === width;
    const status = explanation && explanation.status !== 'ok' ? [explanation.status] : [];
    for (const { metric, key } of metrics) {
      const { needsEvidence, family } = metricFacts[metric];
      const measurable = map && (atInputSize || needsEvidence || family === 'intervention');
      const result: Measurement = measurable
        ? await measure(metric, plan, measured, map)
        : { value: undefined, flags: [map ? 'no-oracle-at-input-size' : 'no-mask'] };
      const depends = truthOf(item, row, metric);
      records.push({
        v: RECORD_VERSION,
        key,
        image: item.name,
        sha256: item.sha256,
        class: classIndex,
        p: probability,
        method: row.method,
        params: row.params,
        layer: row.layer,
        metric,
        preset: presetName(plan, metric),
        value: result.value ?? null,
        ...(result.f0 === undefined ? {} : { f0: result.f0 }),
        ...(result.f1 === undefined ? {} : { f1: result.f1 }),
        ...(result.normalized === undefined ? {} : { normalized: result.normalized }),
        ...(result.ties === undefined ? {} : { ties: result.ties }),
        flags: [
          ...status,
          ...result.flags,
          ...(truth?.classIndex !== undefined && truth.classIndex !== classIndex ? ['misclassified'] : []),
        ],
        ...(depends === undefined ? {} : { truth: depends }),
      });
      if (result.curve) curves.push({ v: RECORD_VERSION, key, ...result.curve });
    }
  }
  if (!evaluation.keepsPictures()) return { records, curves };
  const shown = pictureTruth(truth, image, evaluation.preprocessing);
  const picture: PictureRecord = {
    v: RECORD_VERSION,
    key: item.sha256,
    image: item.name,
    picture: encodePicture(seen),
    maps: wanted.map(({ row }, i) => encodeMap(summaryTitle(row), explained[i]!.cam)),
    ...(shown ? { truth: shown } : {}),
  };
  return { records, curves, picture };
}

/** The mask at the resolution of the map: what the best map of this layer could show. Boxes have no such ceiling. */
function oracleOf(truth: Truth | undefined, camShape: readonly number[]): NdArray<Float32Array> | undefined {
  if (!truth?.evidence || !('data' in truth.evidence)) return undefined;
  return oracleMap(truth.evidence, [camShape[0]!, camShape[1]!]);
}
