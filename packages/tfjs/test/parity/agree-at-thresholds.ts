import { type ForwardPass, type Model, pack, view } from '@hybridcam/core';
import type { KinkReport, Theirs } from './agree-at-kinks.ts';

/**
 * The same for FEM, which counts cells at or above μ + 2σ of their channel: the model, but with `theirs` as the activation of a cell that lies on the other side of that threshold there. What was taken over is pushed to
 * `reports`.
 */
export function agreeAtThresholds(model: Model, theirs: Theirs, reports: KinkReport[]): Model {
  return {
    ...model,
    async forward(input, options): Promise<ForwardPass> {
      const pass = await model.forward(input, options);
      return {
        ...pass,
        activations(layer) {
          const own = pass.activations(layer);
          const other = theirs.activations[layer];
          if (other === undefined) return own;
          const ours = pack(own);
          const [, , height, width] = own.shape as [number, number, number, number];
          const sides = [ours, other].map((values) => aboveThreshold(values, height * width));
          const agreed = ours.map((value, i) => (sides[0]![i] === sides[1]![i] ? value : other[i]!));
          const report = { layer, flipped: 0, farthest: 0, others: 0 };
          ours.forEach((value, i) => {
            const distance = Math.abs(value - other[i]!);
            if (sides[0]![i] === sides[1]![i]) report.others = Math.max(report.others, distance);
            else {
              report.flipped++;
              report.farthest = Math.max(report.farthest, distance);
            }
          });
          if (!reports.some((earlier) => earlier.layer === layer)) reports.push(report);
          return view(agreed, own.shape);
        },
      };
    },
  };
}

function aboveThreshold(values: ArrayLike<number>, cells: number): boolean[] {
  return Array.from({ length: values.length / cells }, (_, k) => {
    const channel = Array.from({ length: cells }, (_cell, i) => values[k * cells + i]!);
    const mean = channel.reduce((sum, value) => sum + value, 0) / cells;
    const variance = channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells;
    const threshold = mean + 2 * Math.sqrt(variance);
    return channel.map((value) => value >= threshold);
  }).flat();
}
