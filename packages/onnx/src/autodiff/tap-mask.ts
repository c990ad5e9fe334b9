import type { DataType } from '../proto/data-type.ts';

/** Both exclusive; undefined: none. */
export interface MaskBounds {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

/**
 * Truth values that the forward model makes of one of its tensors: where it is positive, of a tensor that is negative nowhere; with
 * `bounds`, where any tensor lies between them.
 */
export interface TapMask {
  readonly of: string;
  /** `dataType` is the tensor's. */
  readonly bounds?: MaskBounds & { readonly dataType: DataType };
}

export function maskName(prefix: string, { of, bounds }: TapMask): string {
  if (!bounds) return `${prefix}positive/${of}`;
  return `${prefix}between/${bounds.above ?? ''}/${bounds.below ?? ''}/${of}`;
}
