import { metricFacts } from '@hybridcam/metrics';
import { z } from 'zod';
import type { CostRecord } from './cost-record.ts';
import type { PictureRecord } from './picture-record.ts';
import {
  type CurveRecord,
  type FailureRecord,
  type MetricRecord,
  RECORD_VERSION,
  type Withdrawal,
} from './record.ts';

// Lines of a run folder as whoever reads them relies on. Further fields are let through: a later version may add some without raising
// RECORD_VERSION.

const version = z.literal(RECORD_VERSION);
const count = z.int().min(0);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'expected base64');

export const recordLine: z.ZodType<MetricRecord> = z.looseObject({
  v: version,
  key: z.string(),
  image: z.string(),
  sha256: z.string(),
  class: count,
  p: z.number(),
  method: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  layer: z.string(),
  metric: z.string().refine((name) => Object.hasOwn(metricFacts, name), 'expected a metric of this version'),
  preset: z.string(),
  value: z.number().nullable(),
  f0: z.number().exactOptional(),
  f1: z.number().exactOptional(),
  normalized: z.number().exactOptional(),
  ties: z.number().exactOptional(),
  flags: z.array(z.string()),
  truth: z.string().exactOptional(),
});

export const withdrawalLine: z.ZodType<Withdrawal> = z.looseObject({
  v: version,
  key: z.string(),
  withdrawn: z.literal(true),
});

export const curveLine: z.ZodType<CurveRecord> = z.looseObject({
  v: version,
  key: z.string(),
  x: z.array(z.number()),
  y: z.array(z.number()),
});

export const failureLine: z.ZodType<FailureRecord> = z.looseObject({
  v: version,
  key: z.string(),
  image: z.string(),
  error: z.looseObject({ code: z.string(), message: z.string() }),
});

export const pictureLine: z.ZodType<PictureRecord> = z.looseObject({
  v: version,
  key: z.string(),
  image: z.string(),
  picture: base64,
  maps: z.array(
    z
      .looseObject({ title: z.string(), shape: z.array(z.int().min(1)).length(2), data: base64 })
      .refine(
        ({ shape, data }) => Buffer.byteLength(data, 'base64') === 4 * shape[0]! * shape[1]!,
        'expected a number for each place of the map',
      ),
  ),
  truth: z.looseObject({ class: count.exactOptional(), evidence: base64.exactOptional() }).optional(),
});

export const costLine: z.ZodType<CostRecord> = z.looseObject({
  v: version,
  images: count,
  forwards: count,
  seconds: z.number().min(0),
  batchSize: count,
});
