import { CamError } from '@hybridcam/core';
import type { OnnxGraph, OnnxModel, OnnxTensor } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';

/** Names of the files in which the model keeps weights, exactly as it spells them. */
export function externalLocations(model: OnnxModel): readonly string[] {
  const locations = new Set<string>();
  collect(model.graph, locations);
  return [...locations];
}

function collect(graph: OnnxGraph, locations: Set<string>): void {
  const add = (tensor: OnnxTensor): void => {
    if (tensor.external) locations.add(tensor.external.location);
  };
  graph.initializers.forEach(add);
  for (const node of graph.nodes) {
    for (const attribute of node.attributes.values()) {
      if (attribute.kind === 'tensor') add(attribute.value);
      else if (attribute.kind === 'graph') collect(attribute.value, locations);
      else if (attribute.kind === 'graphs') for (const inner of attribute.value) collect(inner, locations);
    }
  }
}

/**
 * Refuses a model whose weights are not all there. It must happen before a session is made: the runtime would look for the
 * missing file itself, at a path the model chose.
 * @throws CamError NOT_FOUND naming the files
 */
export function assertExternalData(model: OnnxModel, files: ExternalFiles): void {
  const missing = externalLocations(model).filter((location) => !files.has(location));
  if (missing.length === 0) return;
  const given = [...files.keys()].map((name) => `"${name}"`).join(', ') || 'none';
  throw new CamError(
    'NOT_FOUND',
    `createOnnxModel: expected the external data of the model: ${missing.map((name) => `"${name}"`).join(', ')}; received ${given}. Pass the bytes of these files under exactly these names.`,
  );
}
