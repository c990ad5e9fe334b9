import { readFileSync } from 'node:fs';
import { CamError } from '@hybridcam/core';
import { readCheckpoint } from '../../src/index.ts';
import { peakMemory } from '../peak-memory.ts';

/** A process that reads the checkpoint it is given, then every tensor's data, and prints what each took above the file itself (bytes). */
const bytes = readFileSync(process.argv[2]!);
const before = peakMemory();
const taken = () => peakMemory() - before;
try {
  const parameters = readCheckpoint(bytes);
  const read = taken();
  let sum = 0;
  for (const parameter of parameters.values()) {
    for (const value of parameter.data) sum += value;
    // So that what is measured is what is kept, not what the collector has not come to yet.
    globalThis.gc!();
  }
  console.log(JSON.stringify({ read, data: taken(), sum }));
} catch (error) {
  if (!(error instanceof CamError)) throw error;
  console.log(JSON.stringify({ read: taken(), refused: error.code }));
}
