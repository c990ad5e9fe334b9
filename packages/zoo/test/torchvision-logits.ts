import { readFileSync } from 'node:fs';
import { expectClose } from '@hybridcam/test-utils';

interface Reference {
  readonly parameters: number;
  /** Every 20th logit. */
  readonly logits: readonly number[];
}

/** Written by tooling/reference/zoo/make_logits.py. */
export const torchvisionLogits = (
  JSON.parse(readFileSync(new URL('fixtures/logits.json', import.meta.url), 'utf8')) as {
    readonly networks: Readonly<Record<string, Reference>>;
  }
).networks;

/** Within 1e-4 of the largest logit. */
export function expectTorchvisionLogits(name: string, logits: Float32Array): void {
  const every20th = logits.filter((_, i) => i % 20 === 0);
  expectClose(every20th, torchvisionLogits[name]!.logits, { relativeToMax: 1e-4 });
}
