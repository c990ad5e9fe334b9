import { CamError } from '@hybridcam/core';
import type { ModelChoice } from '../protocol.ts';
import { keptCheckpoint } from './kept-models.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { Opened } from './opened.ts';

/**
 * A named network from the checkpoint that this browser keeps.
 * @throws CamError NOT_FOUND where it keeps none: opening never asks a network
 */
export async function openZooModel({
  name,
  runtime,
}: Extract<ModelChoice, { kind: 'zoo' }>): Promise<Opened> {
  const bytes = await keptCheckpoint(name);
  if (!bytes) {
    throw new CamError(
      'NOT_FOUND',
      `${name} is not kept in this browser. Download it under “Named networks” first.`,
    );
  }
  return openCheckpoint(name, bytes, runtime);
}
