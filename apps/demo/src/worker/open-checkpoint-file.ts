import { OptionError } from '@hybridcam/core';
import { zooFacts } from '../facts/zoo-facts.ts';
import type { RuntimeWish } from '../protocol.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { Opened } from './opened.ts';

/** A checkpoint that the visitor has as a file; which network it belongs to is in its name, as published. */
export async function openCheckpointFile(file: File, wish: RuntimeWish): Promise<Opened> {
  const known = zooFacts.find(({ name }) => file.name.toLowerCase().startsWith(name));
  if (!known) {
    const names = zooFacts.map(({ fileName }) => fileName).join(', ');
    throw new OptionError(
      `model: expected a checkpoint named like one of ${names}: its name tells the architecture; received ${file.name}.`,
    );
  }
  return openCheckpoint(known.name, new Uint8Array(await file.arrayBuffer()), wish);
}
