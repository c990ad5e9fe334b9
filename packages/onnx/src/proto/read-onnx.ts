import { LimitError, ModelFormatError } from '@hybridcam/core';
import { READ_LIMITS } from './limits.ts';
import type { OnnxModel } from './onnx-model.ts';
import { readEntry } from './read-entry.ts';
import { GraphParts, readGraph } from './read-graph.ts';
import { sniffFormat } from './sniff-format.ts';
import { WireReader, wireSource } from './wire-reader.ts';

/**
 * Reads an ONNX file's structure. Weights are not copied: tensors are views of `file`.
 * @throws ModelFormatError naming what the file looks like, or the byte where it is damaged or ends
 * @throws LimitError when a bound of `READ_LIMITS` is exceeded
 */
export function readOnnx(file: Uint8Array): OnnxModel {
  // A plain view of the same memory: subclasses (Node's Buffer) give slice and subarray other meanings.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length > READ_LIMITS.modelBytes) {
    throw new LimitError(
      `readOnnx: expected at most ${READ_LIMITS.modelBytes} bytes; received ${bytes.length}. Keep the weights in external data.`,
    );
  }
  const looksLike = sniffFormat(bytes);
  if (looksLike) throw new ModelFormatError(`readOnnx: expected an ONNX model; received ${looksLike}.`);
  const reader = new WireReader(wireSource(bytes), 0, bytes.length);
  const graph = new GraphParts();
  const opsets = new Map<string, number>();
  const functions = new Set<string>();
  const metadata = new Map<string, string>();
  let irVersion = 0;
  let producer = '';
  let producerVersion = '';
  while (reader.next()) {
    if (reader.field === 1) irVersion = reader.integer();
    else if (reader.field === 2) producer = reader.string();
    else if (reader.field === 3) producerVersion = reader.string();
    // Several graph fields are one graph: protobuf merges them, and appending to a model relies on it.
    else if (reader.field === 7) readGraph(reader.message(), graph, 0);
    else if (reader.field === 8) readOpset(reader.message(), opsets);
    else if (reader.field === 14) readEntry(reader.message(), metadata);
    else if (reader.field === 25) functions.add(readFunctionName(reader.message()));
  }
  const missing = [
    irVersion < 1 && 'IR version',
    opsets.size === 0 && 'operator set version',
    graph.nodes.length === 0 && 'nodes',
    graph.outputs.length === 0 && 'outputs',
    graph.inputs.length === 0 && 'inputs',
  ].filter((part) => part !== false);
  if (missing.length > 0) {
    throw new ModelFormatError(
      `readOnnx: expected an ONNX model; received ${bytes.length} bytes without ${missing.join(', ')}. The file is truncated or no ONNX model.`,
    );
  }
  return { bytes, irVersion, producer, producerVersion, opsets, graph, functions, metadata };
}

function readOpset(reader: WireReader, opsets: Map<string, number>): void {
  let domain = '';
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = reader.string();
    else if (reader.field === 2) version = reader.integer();
  }
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readFunctionName(reader: WireReader): string {
  let name = '';
  let domain = '';
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 10) domain = reader.string();
  }
  return `${domain === 'ai.onnx' ? '' : domain}::${name}`;
}
