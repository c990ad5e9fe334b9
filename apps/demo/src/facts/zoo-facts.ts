import { type ZooName, zoo } from '@hybridcam/zoo';

/** A named network as the page lists it, without its class names and its architecture. */
export interface ZooFacts {
  readonly name: ZooName;
  readonly title: string;
  /** As published. */
  readonly fileName: string;
  /** Undefined: only the hub knows. */
  readonly bytes: number | undefined;
  /** Where it is fetched from. */
  readonly origin: string;
  readonly license: string;
}

/** The build puts the value in this module's place (build/evaluated.ts): the page does not carry the zoo. */
export const zooFacts: readonly ZooFacts[] = Object.values(zoo).map(({ name, title, checkpoint }) => ({
  name: name as ZooName,
  title: title.replace(/ \(.*/, ''),
  fileName: checkpoint.fileName,
  bytes: checkpoint.bytes,
  origin: new URL(checkpoint.url).origin,
  license: checkpoint.license,
}));

export const zooNames: readonly ZooName[] = zooFacts.map(({ name }) => name);
