import type { GraphIndex } from '../graph/graph-index.ts';
import type { ValueDescription } from '../proto/graph-description.ts';
import { MessageWriter } from '../proto/message-writer.ts';
import type { OnnxTensor } from '../proto/onnx-model.ts';
import { type ExternalFiles, elementCount, rawValues } from '../proto/tensor-values.ts';
import { WireReader, wireSource } from '../proto/wire-reader.ts';
import { tensorMessage, valueMessage } from '../proto/write-onnx.ts';

/**
 * The model without its weights: every large initializer becomes an input of the same type and shape, small ones (shapes,
 * axes, pads, scales) stay. A few kilobytes that the runtime can infer shapes from, whatever the size of the model.
 */
export function skeletonModel(
  graph: GraphIndex,
  inputs: readonly ValueDescription[],
  outputs: readonly string[],
  files: ExternalFiles,
): Uint8Array {
  const { model } = graph;
  const skeleton = new MessageWriter();
  const body = new MessageWriter();
  const reader = new WireReader(wireSource(model.bytes), 0, model.bytes.length);
  while (reader.next()) {
    // Initializers need not be inputs from IR 4 on.
    if (reader.field === 1) skeleton.integer(1, Math.max(4, model.irVersion));
    else if (reader.field === 7) copyNodes(reader.message(), body);
    else skeleton.raw(model.bytes.subarray(reader.tagStart, reader.stop));
  }
  for (const input of inputs) body.message(11, valueMessage(input));
  for (const tensor of graph.initializers.values()) {
    if (isParameter(tensor)) {
      const data = rawValues(tensor, files);
      const { name, dims, dataType } = tensor;
      if (tensor.external && data) body.message(5, tensorMessage({ name, dims, dataType, data }));
      else body.bytes(5, tensor.message);
    } else {
      body.message(11, valueMessage({ name: tensor.name, dataType: tensor.dataType, shape: tensor.dims }));
    }
  }
  for (const name of outputs) body.message(12, valueMessage({ name }));
  return skeleton.message(7, body).finish();
}

function copyNodes(reader: WireReader, body: MessageWriter): void {
  const { bytes } = reader.source;
  // Nodes (1) and the graph's name (2); what is declared about values (13) may be stale for the size we ask about.
  while (reader.next()) {
    if (reader.field <= 2) body.raw(bytes.subarray(reader.tagStart, reader.stop));
  }
}

/** Small enough to be a shape, an index list or a scale, whose value decides shapes. */
function isParameter(tensor: OnnxTensor): boolean {
  const integer = tensor.dataType === 'int64' || tensor.dataType === 'int32' || tensor.dataType === 'bool';
  return elementCount(tensor) <= (integer ? 4096 : 64);
}
