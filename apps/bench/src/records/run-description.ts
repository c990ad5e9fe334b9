import { version } from '@hybridcam/core';
import type { Preprocessing } from '@hybridcam/image';
import type { TokenOption } from '@hybridcam/onnx';
import { contentKey } from './canonical-json.ts';
import type { Judgement } from './judgement.ts';

/** Everything that every value of a run depends on. Two runs with the same protocol can be merged; others only compared. */
export interface Protocol {
  readonly model: { readonly name: string; readonly sha256: string | null };
  /** The output and the tokens that flags name; null where the file tells. */
  readonly output: string | null;
  readonly tokens: TokenOption | null;
  readonly preprocessing: Preprocessing;
  readonly orientation: 'exif' | 'ignore';
  /** As the flag: `top1`, an index, a label. */
  readonly class: string;
  /** What it means for this model and its labels; null for the best class of each image. */
  readonly classIndex: number | null;
  readonly score: 'probability' | 'logit';
  readonly normalize: string;
  readonly seed: number;
}

/** run.json: the last start, and of earlier ones the batch size and the notebook's times. */
export interface RunDescription {
  readonly schema: 1;
  readonly tool: string;
  readonly protocol: Protocol;
  readonly protocolHash: string;
  /** What was asked for last; records of earlier starts stay, also those of methods and metrics that are not named here. */
  readonly request: {
    readonly images: string;
    readonly methods: readonly string[];
    readonly layers: readonly string[];
    readonly metrics: readonly string[];
    readonly shard: string | null;
  };
  /** What computes, with its version; part of the protocol's hash, since another gives other last digits. */
  readonly runtime: string;
  /** Images per forward pass, so that a resumed run uses what this one measured. */
  readonly batchSize?: number;
  readonly judgement?: Judgement;
  /** Names of the classes, for the report. */
  readonly labels?: readonly string[];
}

export function describeRun(
  protocol: Protocol,
  request: RunDescription['request'],
  runtime: string,
  judgement: Judgement = {},
): RunDescription {
  return {
    schema: 1,
    tool: `hybridcam-bench ${version}`,
    protocol,
    protocolHash: contentKey({
      // A class by its name and by its index are one class; another label file may give a name to another class.
      protocol: {
        ...protocol,
        model: protocol.model.sha256 ?? protocol.model.name,
        class: undefined,
      },
      runtime,
      version,
    }),
    request,
    runtime,
    judgement,
  };
}
