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
  // A sweep over α names one target again and again.
  for (const target of new Set(targets)) {
    const value = target.value(scores, kind);
    const cotangent = toFloat32(target.gradient(scores, kind));
    const positions = targets.flatMap((other, position) => (other === target ? position : []));
    const group = groups.find(
      (other) => other.value === value && other.cotangent.every((slope, c) => slope === cotangent[c]),
    );
    if (group) group.positions.push(...positions);
    else groups.push({ value, cotangent, positions });
  }
  return groups;
}
