import { describe, expect, test } from 'vitest';
import { CASES, caseOf } from './fuzz/cases.ts';
import { checkCase } from './fuzz/check-case.ts';

const COUNT = Number(process.env['HYBRIDCAM_FUZZ_CASES'] ?? 2000);
const FIRST = Number(process.env['HYBRIDCAM_FUZZ_FIRST'] ?? 1);
const ONLY = process.env['HYBRIDCAM_FUZZ_ONLY'];
const VERBOSE = process.env['HYBRIDCAM_FUZZ_VERBOSE'];
const OPTIONS = [
  { convolution: 'transpose', maxPool: 'compare' },
  { convolution: 'flip', maxPool: 'indices' },
] as const;

/**
 * The same cases each time: half a minute on one core. More, or one case again:
 *
 *     HYBRIDCAM_FUZZ_CASES=5000 npx vitest run packages/onnx/test/autodiff/single-op-fuzz.test.ts
 *     HYBRIDCAM_FUZZ_FIRST=1434 HYBRIDCAM_FUZZ_CASES=1 npx vitest run packages/onnx/test/autodiff/single-op-fuzz.test.ts
 */
describe('planBackward', () => {
  test(`gives the slopes of ONNX Runtime's own forward for ${COUNT} random nodes of ${Object.keys(CASES).length} operators`, async () => {
    const outcomes = { passed: 0, rejected: 0, invalid: 0, wrong: 0 };
    const wrong: string[] = [];
    const rejected = new Map<string, number>();
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const opCase = caseOf(seed);
      if (ONLY && opCase.op !== ONLY) continue;
      const verdict = await checkCase(opCase, seed, OPTIONS[seed % 2]!);
      outcomes[verdict.outcome]++;
      if (verdict.outcome === 'wrong')
        wrong.push(`seed ${seed}: ${JSON.stringify(opCase)}\n  ${verdict.detail}`);
      if (verdict.outcome === 'rejected') {
        const reason = verdict.detail.replace(/^.*cannot be differentiated: /, `${opCase.op}: `);
        rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
      }
      if (VERBOSE && verdict.outcome === 'invalid') {
        console.log(opCase.op, opCase.opset, verdict.detail.slice(0, 200));
      }
    }
    if (VERBOSE) console.log(outcomes, rejected);
    expect(wrong).toEqual([]);
    // Rejections and nodes that ONNX Runtime itself refuses must stay rare, or the fuzz proves nothing.
    if (!ONLY) expect(outcomes.passed).toBeGreaterThan(0.95 * COUNT);
  }, 1_200_000);
});
