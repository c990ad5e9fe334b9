/** The facts of a page about what `explain` does not offer by name. */
export interface FurtherMethod {
  readonly title: string;
  /** What to use instead of a name of `--method`. */
  readonly offered: string;
  readonly paper: string;
  readonly needs: string;
  readonly cost: string;
  readonly unit: string;
  /** The first is the default; none where there is only one. */
  readonly variants: readonly string[];
}

export type FurtherName = 'finer-cam' | 'refine-cam' | 'random-map' | 'centred-map';

export const furtherMethods: Readonly<Record<FurtherName, FurtherMethod>>;
export const furtherNames: readonly FurtherName[];
