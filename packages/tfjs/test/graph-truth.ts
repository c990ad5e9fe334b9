import { view } from '@hybridcam/core';
import { createTfjsModel } from '../src/index.ts';
import type { LoadedGraph } from './graph-fixture.ts';

/** What TensorFlow says about one image: see tooling/reference/tfjs/make_graph_models.py. */
export type GraphTruth = {
  readonly image: readonly number[];
  readonly cotangent: readonly number[];
  readonly logits: readonly number[];
} & Readonly<
  Record<GraphTensor, { readonly shape: readonly number[]; readonly gradients: readonly number[] }>
>;
export type GraphTensor = keyof typeof NODES;

/** Node names of the three tensors that the truth has gradients of. */
const NODES = {
  stem_relu: /stem_relu.*Relu6$/,
  mixed: /mixed.*concat$/,
  top_relu: /top_relu.*Relu$/,
};

export interface GraphExplained {
  readonly scoreKind: string;
  readonly logits: number[];
  /** In full, also where every cell has the same. */
  readonly gradients: Record<GraphTensor, number[]>;
}

/** What we say about it; in Node and in a page. */
export async function explainGraph(
  { source, artifacts }: LoadedGraph,
  truth: GraphTruth,
): Promise<GraphExplained> {
  const model = await createTfjsModel(source, { artifacts });
  const tensors = Object.keys(NODES) as GraphTensor[];
  const names = tensors.map((tensor) => {
    const found = model.layers.find(({ name }) => NODES[tensor].test(name));
    if (!found) throw new Error(`no ${tensor} in ${model.layers.map(({ name }) => name)}`);
    return found.name;
  });
  const pass = await model.forward(view(channelsFirst(truth.image), [1, 3, 20, 20]), { layers: names });
  const found = await pass.gradients(names, view(Float32Array.from(truth.cotangent), [1, 5]));
  const gradients = Object.fromEntries(
    tensors.map((tensor, k) => {
      const { shape, data } = found.get(names[k]!)!;
      const cells = truth[tensor].shape[2]! * truth[tensor].shape[3]!;
      const full =
        shape.length === 4 ? data : truth[tensor].gradients.map((_, i) => data[Math.floor(i / cells)]!);
      return [tensor, Array.from(full)];
    }),
  ) as GraphExplained['gradients'];
  const result = { scoreKind: pass.scoreKind, logits: Array.from(pass.logits.data), gradients };
  pass.dispose();
  await model.dispose();
  return result;
}

function channelsFirst(image: readonly number[]): Float32Array {
  const [size, channels] = [20, 3];
  return Float32Array.from({ length: image.length }, (_, i) => {
    const [c, cell] = [Math.floor(i / (size * size)), i % (size * size)];
    return image[cell * channels + c]!;
  });
}
