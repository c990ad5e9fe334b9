export interface CamErrorLike {
  readonly code?: string;
  readonly message: string;
}

export function demand(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Error(`conformance: ${complaint}.`);
}

export function demandCode(error: CamErrorLike, code: string): void {
  demand(error.code === code, `expected an error of code ${code}; received ${error.code}: ${error.message}`);
}

export async function refusal(attempt: () => unknown): Promise<CamErrorLike> {
  try {
    await attempt();
  } catch (error) {
    demand(
      typeof (error as { code?: unknown }).code === 'string',
      `expected a CamError; received ${(error as Error).name}: ${(error as Error).message}`,
    );
    return error as CamErrorLike;
  }
  throw new Error('conformance: expected the call to be refused; it was not.');
}

/** |actual − expected| ≤ tolerance · max|expected|; 0 asks for the same bits. NaN never passes. */
export function compare(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  demand(actual.length === expected.length, `${what}: ${actual.length} values, expected ${expected.length}`);
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    demand(Number.isFinite(difference), `${what}: ${actual[i]} at ${i}, expected ${expected[i]}`);
    worst = Math.max(worst, difference);
  }
  demand(
    worst <= tolerance * scale,
    `${what}: off by ${worst.toExponential(2)} of ${scale.toExponential(2)}`,
  );
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
