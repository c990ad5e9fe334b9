import type { BackwardContext } from '../backward.ts';
import type { OrtTensor } from '../ort.ts';
import type { DataType } from '../proto/data-type.ts';
import { MessageWriter } from '../proto/message-writer.ts';
import { WireReader, wireSource } from '../proto/wire-reader.ts';
import { appendToModel } from '../proto/write-onnx.ts';
import { firstOutput, type TailPlan } from './tail-plan.ts';

/**
 * The model's bytes without the nodes in front of the layer, and with other inputs: what stays is copied as it lies there, and weights
 * stay where the session's external data has them. `inputs` are tensors of a forward run, whose types and ranks the inputs get.
 */
export function tailModel(
  { graph, sessionBytes, scores }: BackwardContext,
  plan: TailPlan,
  inputs: ReadonlyMap<string, OrtTensor>,
): Uint8Array {
  const { nodes, initializers } = graph.model.graph;
  const kept = new MessageWriter();
  const next = { node: 0, initializer: 0 };
  const keeps = (field: number): boolean => {
    if (field === NODE) return plan.nodes.has(firstOutput(nodes[next.node++]!));
    if (field === INITIALIZER) return plan.initializers.has(initializers[next.initializer++]!.name);
    return !REPLACED.has(field);
  };
  const reader = new WireReader(wireSource(sessionBytes), 0, sessionBytes.length);
  while (reader.next()) {
    if (reader.field !== GRAPH) {
      kept.raw(sessionBytes.subarray(reader.tagStart, reader.stop));
      continue;
    }
    const body = new MessageWriter();
    const fields = reader.message();
    while (fields.next()) {
      if (keeps(fields.field)) body.raw(sessionBytes.subarray(fields.tagStart, fields.stop));
    }
    kept.message(GRAPH, body);
  }
  return appendToModel(kept.finish(), {
    inputs: [...inputs].map(([name, { type, dims }]) => ({
      name,
      dataType: type as DataType,
      shape: dims.map(() => undefined),
    })),
    outputs: [{ name: scores }],
  });
}

/** Fields of ModelProto and GraphProto. */
const GRAPH = 7;
const NODE = 1;
const INITIALIZER = 5;
/** Inputs, outputs and the types of inner tensors. */
const REPLACED = new Set([11, 12, 13]);
