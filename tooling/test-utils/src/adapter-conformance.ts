import { type ConformanceSubject, createBench } from './conformance/bench.ts';
import { demand } from './conformance/demand.ts';
import { forwardCases } from './conformance/forward-cases.ts';
import { gradientCases } from './conformance/gradient-cases.ts';
import { lifecycleCases } from './conformance/lifecycle-cases.ts';
import { networkCases } from './conformance/network-cases.ts';
import { tailCases } from './conformance/tail-cases.ts';

export type { ConformanceSubject } from './conformance/bench.ts';

export interface ConformanceCase {
  readonly title: string;
  /** Rejects, saying what the adapter did and what the contract asks. */
  run(): Promise<void>;
}

const cases = { ...forwardCases, ...gradientCases, ...tailCases, ...networkCases, ...lifecycleCases };

/**
 * What every adapter of the `Model` contract must do, as one list for any test runner and any platform:
 *
 *     for (const { title, run } of adapterConformance(subject)) test(title, run);
 */
export function adapterConformance(subject: ConformanceSubject): ConformanceCase[] {
  return Object.entries(cases).map(([title, check]) => ({
    title,
    async run() {
      const before = subject.held?.();
      const model = await subject.create();
      try {
        await check(createBench(subject, model));
      } finally {
        await model.dispose();
      }
      const after = subject.held?.();
      demand(before === after, `after dispose the runtime holds ${after}, before creation ${before}`);
    },
  }));
}
