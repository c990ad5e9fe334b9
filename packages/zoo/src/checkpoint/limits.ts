/** Bounds on untrusted checkpoint files; each is far above any classifier we know and far below what hurts. */
export const CHECKPOINT_LIMITS = {
  /** ResNet-152 has about 900 storages. */
  entries: 100_000,
  /** The pickle holds names and shapes only; ResNet-152's has 100 kB. */
  pickleBytes: 16_777_216,
  /** Opcodes executed: a bound on time, since the pickle has no loops. */
  pickleOperations: 2_000_000,
  /** Values on the stack, or in the memo, at once. */
  pickleStack: 100_000,
  /** Lists, tuples, dicts and tensors: a byte of the pickle makes one, of three hundred bytes or more. ResNet-152 needs about 6000. */
  pickleContainers: 50_000,
  tensors: 20_000,
  dimensions: 8,
} as const;
