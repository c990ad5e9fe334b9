import type { GraphIndex } from '../graph/graph-index.ts';

/** True where tensors of a type other than float32 may be on the way. */
export function mixesFloatTypes(graph: GraphIndex): boolean {
  const other = (type: string | undefined): boolean =>
    type === 'float16' || type === 'bfloat16' || type === 'float64';
  return (
    [...graph.initializers.values()].some(({ dataType }) => other(dataType)) ||
    graph.inputs.some(({ dataType }) => other(dataType)) ||
    graph.nodes.some(({ opType, attributes }) => {
      const to = attributes.get('to');
      if (opType === 'Cast' && to?.kind === 'int')
        return to.value === 10 || to.value === 11 || to.value === 16;
      const value = attributes.get('value');
      return (
        opType === 'CastLike' ||
        (opType === 'Constant' && value?.kind === 'tensor' && other(value.value.dataType))
      );
    })
  );
}
