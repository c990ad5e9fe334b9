import type { GraphIndex } from '../graph/graph-index.ts';
import type { OrtSessionOptions } from '../ort.ts';
import { DATA_TYPE_CODE } from '../proto/data-type.ts';
import { MessageWriter } from '../proto/message-writer.ts';
import type { OnnxTensor } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { WireReader, wireSource } from '../proto/wire-reader.ts';
import { externalMessage } from '../proto/write-onnx.ts';
import { externalLocations } from './external-data.ts';

/** A model as a session takes it. */
export interface SessionModel {
  readonly bytes: Uint8Array;
  readonly externalData: NonNullable<OrtSessionOptions['externalData']>;
}

/** Smaller tensors stay where they are: they are shapes and biases, not what memory goes to. */
const MIN_BYTES = 1024;

/**
 * The same model with its large weights named as external data that lie in the original bytes. What the runtime is handed
 * (and what outputs are appended to) is then a few kilobytes: neither we nor the runtime's parser copies the weights, which
 * for a 100 MB model saves 110 MB of peak memory per session made.
 */
export function slimModel(graph: GraphIndex, files: ExternalFiles): SessionModel {
  const { model } = graph;
  const given = [...files].map(([path, data]) => ({ path, data }));
  const taken = new Set(externalLocations(model));
  let self = 'the-model-itself';
  while (taken.has(self)) self += '_';
  const slim = new MessageWriter();
  let moved = 0;
  const reader = new WireReader(wireSource(model.bytes), 0, model.bytes.length);
  let next = 0;
  while (reader.next()) {
    if (reader.field !== 7) {
      slim.raw(model.bytes.subarray(reader.tagStart, reader.stop));
      continue;
    }
    const body = new MessageWriter();
    const fields = reader.message();
    while (fields.next()) {
      const tensor = fields.field === 5 ? model.graph.initializers[next++] : undefined;
      if (tensor && isLarge(tensor)) {
        const raw = tensor.rawData!;
        const external = {
          location: self,
          offset: raw.byteOffset - model.bytes.byteOffset,
          length: raw.length,
        };
        body.message(5, externalMessage({ ...tensor, external }));
        moved++;
      } else body.raw(model.bytes.subarray(fields.tagStart, fields.stop));
    }
    slim.message(7, body);
  }
  if (moved === 0) return { bytes: model.bytes, externalData: given };
  return { bytes: slim.finish(), externalData: [...given, { path: self, data: model.bytes }] };
}

function isLarge({ rawData, dataType }: OnnxTensor): boolean {
  return rawData !== undefined && rawData.length >= MIN_BYTES && dataType in DATA_TYPE_CODE;
}
