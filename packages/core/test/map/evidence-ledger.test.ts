import { expectClose, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { evidenceLedger, ShapeError, topCells, UnsupportedError, view } from '../../src/index.ts';
import { tensorReferences } from '../reference.ts';

const activations = view(Float32Array.of(1, 2, 3, 4), [2, 1, 2]);
const head = {
  weights: view(Float32Array.of(2, -2, 0, 4), [2, 2]),
  bias: view(Float32Array.of(0.5, -1), [2]),
};

describe('evidenceLedger', () => {
  it('evidenceLedger splits a logit by hand: y = b + Σ cells', () => {
    // logit 0 = 0.5 + 2·1.5 − 2·3.5 = −3.5; cells (2·[1, 2] − 2·[3, 4]) / 2
    const ledger = evidenceLedger(activations, head, [1, 0], -3.5);
    expect(ledger).toMatchObject({ score: -3.5, bias: 0.5, residual: 0 });
    expectClose(ledger.cells, [[-2, -2]]);
  });

  it('evidenceLedger splits a margin by its coefficients', () => {
    const ledger = evidenceLedger(activations, head, [-1, 1], 16.5);
    expect(ledger.bias).toBe(-1.5);
    expectClose(ledger.cells, [[8, 10]]);
  });

  it('topCells(ledger, count) lists the largest by magnitude', () => {
    const ledger = evidenceLedger(activations, head, [-1, 1], 16.5);
    expect(topCells(ledger, 1)).toEqual([{ row: 0, column: 1, value: 10 }]);
    expect(topCells(ledger, 5).length).toBe(2);
  });

  it('evidenceLedger refuses a head that does not account for the score, and other shapes', () => {
    expect(() => evidenceLedger(activations, head, [1, 0], 7)).toThrow(UnsupportedError);
    expect(() => evidenceLedger(activations, head, [1], -3.5)).toThrow(ShapeError);
    expect(() => evidenceLedger(view(new Float32Array(3), [3, 1, 1]), head, [1, 0], 0)).toThrow(ShapeError);
  });

  it.skipIf(!sharedFolder())(
    'evidenceLedger leaves no residual on PyTorch’s tensors (needs ../shared)',
    () => {
      for (const { tensor } of tensorReferences()) {
        // The reference stores no head, but its row of the explained class is the gradient times the 49 cells.
        const gradients = tensor('layers.51.gradients');
        const row = Float32Array.from({ length: 1280 }, (_, k) => gradients.data[k * 49]! * 49);
        const score = tensor('logits').data[tensor('class').data[0]!]!;
        const a = tensor('layers.51.activations');
        const sum = row.reduce(
          (total, weight, k) =>
            total + (weight * a.data.subarray(k * 49, k * 49 + 49).reduce((s, v) => s + v, 0)) / 49,
          0,
        );
        const ledger = evidenceLedger(
          a,
          { weights: view(row, [1, 1280]), bias: view(Float32Array.of(score - sum), [1]) },
          [1],
          score,
        );
        expectClose(ledger.residual, 0, { absolute: 1e-4 });
        expectClose(ledger.bias, 0, { absolute: 1 });
      }
    },
  );
});
