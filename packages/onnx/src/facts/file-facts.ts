import type { DataType } from '../proto/data-type.ts';
import { bytesPerElement } from '../proto/data-type.ts';
import type { OnnxModel, ValueInfo } from '../proto/onnx-model.ts';
import { elementCount } from '../proto/tensor-values.ts';
import { externalLocations } from '../runtime/external-data.ts';

/** What an ONNX file says about itself: plain JSON, nothing is run. */
export interface FileFacts {
  /** Bytes of the file itself, without external data. */
  readonly bytes: number;
  readonly irVersion: number;
  /** Version of the standard operators, `onnx`, and of every other set by its domain. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Who wrote the file, as it says: name and version. */
  readonly producer: string | null;
  readonly nodes: number;
  /** How often each operator stands in the main graph, the most frequent first; `domain.Op` where the domain is not the standard one. */
  readonly operators: Readonly<Record<string, number>>;
  readonly weights: WeightFacts;
  readonly inputs: readonly ValueFacts[];
  readonly outputs: readonly ValueFacts[];
}

export interface WeightFacts {
  readonly tensors: number;
  readonly parameters: number;
  readonly bytes: number;
  /** The most frequent first, by bytes. */
  readonly dataTypes: readonly DataType[];
  /** Files beside the model that hold weights, by the names it uses. */
  readonly externalFiles: readonly string[];
}

export interface ValueFacts {
  readonly name: string;
  readonly dataType: DataType | null;
  /** Names of open extents as the file has them; `null` for one without a name, or where not even the rank is stated. */
  readonly shape: readonly (number | string | null)[] | null;
}

/** Facts of a file that `readOnnx` could read. */
export function fileFacts(model: OnnxModel): FileFacts {
  const { bytes, irVersion, producer, producerVersion, opsets, graph } = model;
  const weights = new Set(graph.initializers.map(({ name }) => name));
  const operators = new Map<string, number>();
  for (const { opType, domain } of graph.nodes) {
    const name = domain === '' ? opType : `${domain}.${opType}`;
    operators.set(name, (operators.get(name) ?? 0) + 1);
  }
  return {
    bytes: bytes.length,
    irVersion,
    opsets: Object.fromEntries([...opsets].map(([domain, version]) => [domain || 'onnx', version])),
    producer: [producer, producerVersion].filter((part) => part !== '').join(' ') || null,
    nodes: graph.nodes.length,
    operators: Object.fromEntries([...operators].sort(([, a], [, b]) => b - a)),
    weights: weightFacts(model),
    // Before IR 4 the inputs repeat the weights.
    inputs: graph.inputs.filter(({ name }) => !weights.has(name)).map(valueFacts),
    outputs: graph.outputs.map(valueFacts),
  };
}

function weightFacts(model: OnnxModel): WeightFacts {
  const { initializers } = model.graph;
  const byType = new Map<DataType, number>();
  let parameters = 0;
  for (const tensor of initializers) {
    const count = elementCount(tensor);
    parameters += count;
    const size = count * (bytesPerElement(tensor.dataType) ?? 0);
    byType.set(tensor.dataType, (byType.get(tensor.dataType) ?? 0) + size);
  }
  return {
    tensors: initializers.length,
    parameters,
    bytes: [...byType.values()].reduce((sum, size) => sum + size, 0),
    dataTypes: [...byType].sort(([, a], [, b]) => b - a).map(([type]) => type),
    externalFiles: externalLocations(model),
  };
}

function valueFacts({ name, dataType, shape }: ValueInfo): ValueFacts {
  return { name, dataType: dataType ?? null, shape: shape?.map((extent) => extent ?? null) ?? null };
}
