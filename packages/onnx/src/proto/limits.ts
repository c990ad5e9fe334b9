/**
 * Bounds of the ONNX reader. A model is untrusted input: protobuf lets two bytes ask for an object, so a file that is small
 * on disk could otherwise exhaust memory or the call stack.
 */
export const READ_LIMITS = {
  /** Protobuf's own limit for one message; larger models keep their weights in external data files. */
  modelBytes: 2_147_483_647,
  /** If/Loop/Scan bodies inside each other. Real models use at most three; each level is one level of recursion here. */
  subgraphDepth: 16,
  /** Nodes of all graphs together. The largest classifier exports known have about 7 000. */
  nodes: 500_000,
  /**
   * Decoded strings, numbers and messages of a model together, weights not counted (they stay bytes). A Swin transformer of
   * 6 600 nodes has about 150 000.
   */
  items: 2_000_000,
  /** Axes of a tensor. ONNX Runtime itself stops at far fewer. */
  rank: 64,
  /** Bytes of one decoded name or string attribute; longer ones are data, not names. */
  stringBytes: 1_048_576,
  /** Values of one constant turned into a JS array of numbers (axes, shapes, pads). */
  integers: 1_048_576,
} as const;
