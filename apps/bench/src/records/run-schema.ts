import { metricFacts } from '@hybridcam/metrics';
import { z } from 'zod';
import type { RunDescription } from './run-description.ts';

const texts = z.array(z.string());
const times = z.array(z.number());
const isMetric = (name: string): boolean => Object.hasOwn(metricFacts, name);

/**
 * What a reader of run.json relies on. Protocol and request are compared and printed beyond that, field by field, whatever they are: a later
 * version may have more of them.
 */
export const runSchema = z.looseObject({
  schema: z.literal(1),
  tool: z.string(),
  protocol: z.looseObject({
    model: z.looseObject({ name: z.string(), sha256: z.string().nullable() }),
    preprocessing: z.looseObject({}),
    class: z.string(),
    score: z.enum(['probability', 'logit']),
    normalize: z.string(),
    seed: z.int().min(0),
  }),
  protocolHash: z.string(),
  request: z.looseObject({
    images: z.string(),
    methods: texts,
    layers: texts,
    metrics: z.array(z.string().refine(isMetric, 'expected a metric of this version')),
    shard: z.string().nullable(),
  }),
  runtime: z.string(),
  batchSize: z.int().min(1).exactOptional(),
  judgement: z
    .looseObject({
      reference: z.string().exactOptional(),
      holdout: z
        .looseObject({
          metric: z.string().refine(isMetric, 'expected a metric of this version'),
          preset: z.string(),
        })
        .exactOptional(),
      notebook: z.looseObject({ gradCam: times, layerCam: times, hybrid: times }).exactOptional(),
    })
    .exactOptional(),
  labels: texts.exactOptional(),
}) satisfies z.ZodType<Pick<RunDescription, 'schema' | 'protocolHash'>>;
