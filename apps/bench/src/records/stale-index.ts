import type { MetricRecord } from './record.ts';

/** An image as a run finds it now. */
export interface CurrentImage {
  readonly name: string;
  readonly sha256: string;
  /** What its records may depend on beside its bytes, over all lines that name it. */
  readonly truths: ReadonlySet<string | undefined>;
}

/** Records of earlier starts by the image's name, to find those that a changed file or manifest has made wrong. */
export interface StaleIndex {
  add(record: MetricRecord): void;
  staleKeys(image: CurrentImage): string[];
  /** The image of a record that was added. */
  sha256Of(key: string): string | undefined;
  /** An image of this start counts on these keys: from now on they are stale for none, whoever made them. */
  keep(keys: Iterable<string>): void;
}

interface Group {
  readonly sha256: string;
  readonly truth: string | undefined;
  readonly keys: Set<string>;
}

export function createStaleIndex(): StaleIndex {
  const byName = new Map<string, Group[]>();
  const groupOf = new Map<string, Group>();
  return {
    add({ image, sha256, truth, key }) {
      const groups = byName.get(image) ?? [];
      const group = groups.find((other) => other.sha256 === sha256 && other.truth === truth);
      if (group) group.keys.add(key);
      else byName.set(image, [...groups, { sha256, truth, keys: new Set([key]) }]);
      groupOf.set(key, group ?? byName.get(image)!.at(-1)!);
    },
    staleKeys({ name, sha256, truths }) {
      const stale = (byName.get(name) ?? []).filter(
        (group) => group.sha256 !== sha256 || !truths.has(group.truth),
      );
      return stale.flatMap(({ keys }) => [...keys]);
    },
    sha256Of: (key) => groupOf.get(key)?.sha256,
    keep(keys) {
      for (const key of keys) groupOf.get(key)?.keys.delete(key);
    },
  };
}
