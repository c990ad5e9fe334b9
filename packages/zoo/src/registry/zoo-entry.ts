import type { Network } from '../network/network.ts';

/** A classifier known by name: where its weights come from, and all that is needed to run and read it. */
export interface ZooEntry {
  readonly name: string;
  /** For people: `ResNet-50 (torchvision, IMAGENET1K_V1)`. */
  readonly title: string;
  /** The architecture as data, built when asked for. */
  network(): Network;
  readonly checkpoint: CheckpointFile;
  /** One per class; the first of the comma-separated names is the one to show. */
  readonly classes: readonly string[];
  /** `preset` of `@hybridcam/image` that turns a picture into the network's input. */
  readonly preprocessing: 'torchvision';
  /** Where the numbers of the original can be looked up. */
  readonly paper: string;
}

/** The file that the original authors publish. */
export interface CheckpointFile {
  /** As published; also its name in PyTorch's cache and in ours. */
  readonly fileName: string;
  readonly url: string;
  /** undefined: not known to us for sure. */
  readonly bytes: number | undefined;
  /** Lower-case hex SHA-256: all 64 digits, or as many as are known (PyTorch puts the first eight into the file's name). */
  readonly sha256: string;
  /** SPDX identifier of the licence under which the file is published. */
  readonly license: string;
  /** What the licence does not say. */
  readonly terms: string;
}
