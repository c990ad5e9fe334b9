import { fileURLToPath } from 'node:url';
import { type Model, OptionError } from '@hybridcam/core';
import type { PreprocessingOptions } from '@hybridcam/image';
import type { WeightsFacts } from './named-model.ts';

/** A model on its runtime, and what is known with it. */
export interface OpenedModel {
  readonly model: Model;
  /** Of a model known by name. */
  readonly labels: readonly string[] | undefined;
  readonly preprocessing: PreprocessingOptions | undefined;
  readonly weights: WeightsFacts | undefined;
}

/**
 * The path behind a path or a `file:` URL.
 * @throws OptionError for another URL: nothing is downloaded here
 */
export function filePath(source: string | URL): string {
  if (typeof source === 'string') return source;
  if (source.protocol === 'file:') return fileURLToPath(source);
  throw new OptionError(
    `loadModel: expected a path, a file: URL or bytes; received a ${source.protocol} URL.`,
  );
}
