import type { OnnxNode } from '../proto/onnx-model.ts';

/**
 * Module paths a node lies in, from the outermost to its own, as exporters write them: `/layer4/layer4.2/relu_2/Relu` gives
 * `layer4`, `layer4.2`, `layer4.2.relu_2`. Reads node names (TorchScript and tf2onnx exporters) and the dynamo exporter's
 * `pkg.torch.onnx.name_scopes`.
 */
export function moduleScopes(node: OnnxNode): readonly string[] {
  const listed = node.metadata.get('pkg.torch.onnx.name_scopes');
  if (listed !== undefined) {
    const paths = [...listed.matchAll(/'([^']*)'|"([^"]*)"/g)].map(
      ([, single, double]) => single ?? double ?? '',
    );
    // The first is the model itself, the last the node.
    return withPrefixes(paths.slice(0, -1).filter((path) => path !== ''));
  }
  const segments = node.name.split('/').slice(0, -1);
  const dotted = node.name.startsWith('/');
  const paths: string[] = [];
  let before = '';
  for (const segment of segments) {
    if (segment === '') continue;
    const parent = paths.at(-1);
    if (parent === undefined) paths.push(segment);
    // Children of a torch Sequential repeat its name: /layer4/layer4.2, /features/features.18/features.18.2.
    else if (dotted && segment.startsWith(`${before}.`)) {
      paths.push(parent.slice(0, parent.length - before.length) + segment);
    } else paths.push(`${parent}${dotted ? '.' : '/'}${segment}`);
    before = segment;
  }
  return withPrefixes(paths);
}

/** `layers.51` lies in `layers` too, though no segment says so. */
function withPrefixes(paths: readonly string[]): readonly string[] {
  const all = new Set<string>();
  for (const path of paths) {
    for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) all.add(path.slice(0, dot));
    all.add(path);
  }
  return [...all];
}

/** The path people name: the outermost numbered block (`layer4.2`, `features.18`), else the outermost module. */
export function preferredScope(scopes: readonly string[]): string | undefined {
  return scopes.find((scope) => /\.\d+$/.test(scope)) ?? scopes[0];
}
