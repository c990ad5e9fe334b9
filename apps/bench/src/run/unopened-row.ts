import { CamError } from '@hybridcam/core';
import { contentKey } from '../records/canonical-json.ts';
import { RECORD_VERSION } from '../records/record.ts';
import type { ImageResult } from '../records/run-folder.ts';

/**
 * The row of a file that vanished or cannot be read.
 * @throws `error` itself when it is not about this image and must end the run
 */
export function unopenedRow(image: string, protocolHash: string, error: unknown): ImageResult {
  if (!(error instanceof CamError) || (error.code !== 'NOT_FOUND' && error.code !== 'IO')) throw error;
  const key = contentKey([protocolHash, image, 'failure']);
  const { code, message } = error;
  return { records: [], curves: [], failure: { v: RECORD_VERSION, key, image, error: { code, message } } };
}
