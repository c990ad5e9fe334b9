import { draw } from './draw.ts';
import { elementwiseCases } from './elementwise-cases.ts';
import { layoutCases } from './layout-cases.ts';
import { normalizationCases } from './normalization-cases.ts';
import type { CaseMaker, OpCase } from './op-case.ts';
import { productCases } from './product-cases.ts';
import { reductionCases } from './reduction-cases.ts';
import { resizeCases } from './resize-cases.ts';
import { windowCases } from './window-cases.ts';

interface Entry {
  readonly since: number;
  readonly until?: number;
  readonly make: CaseMaker;
  readonly weight: number;
}

export const CASES: Readonly<Record<string, Entry>> = {
  ...windowCases,
  ...elementwiseCases,
  ...normalizationCases,
  ...reductionCases,
  ...layoutCases,
  ...productCases,
  ...resizeCases,
};

/** The newest operator set that the tests' ONNX Runtime takes. */
export const NEWEST_OPSET = 26;

/** The seed-th case of the fuzz: every operator in turn, by its weight, at a random opset from 7 on. */
export function caseOf(seed: number): OpCase {
  const random = draw(seed);
  const turns = Object.values(CASES).flatMap((entry) => new Array<Entry>(entry.weight).fill(entry));
  // A stride that shares no factor with the length visits all of them.
  const entry = turns[(seed * 37) % turns.length]!;
  return entry.make(random, random.int(entry.since, entry.until ?? NEWEST_OPSET));
}
