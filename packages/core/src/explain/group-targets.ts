import { toFloat32 } from '../kernels/to-float32.ts';
import type { ScoreKind, Target } from '../target/target.ts';

/** Targets that are the same at these scores, in value and gradient: one backward pass serves them. */
export interface TargetGroup {
  readonly value: number;
  /** ∂y/∂scores [classes]. */
  readonly cotangent: Float32Array;
  /** Positions in the list of targets. */
  readonly positions: readonly number[];
}

export function groupTargets(
  targets: readonly Target[],
  scores: Float32Array,
  kind: ScoreKind,
): TargetGroup[] {
  const groups: (TargetGroup & { readonly positions: number[] })[] = [];
  for (const [position, target] of targets.entries()) {
    const value = target.value(scores, kind);
    const cotangent = toFloat32(target.gradient(scores, kind));
    const group = groups.find(
      (other) => other.value === value && other.cotangent.every((slope, c) => slope === cotangent[c]),
    );
    if (group) group.positions.push(position);
    else groups.push({ value, cotangent, positions: [position] });
  }
  return groups;
}
