import { UnsupportedError } from '@hybridcam/core';
import { intAttribute, intsAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OrtRuntime, OrtSessionOptions } from '../ort.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { writeModel } from '../proto/write-onnx.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import { orRuntimeError } from './runtime-error.ts';

type Providers = NonNullable<OrtSessionOptions['executionProviders']>;

export interface CheckConvolutionsOptions {
  readonly ort: OrtRuntime;
  readonly graph: GraphIndex;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly sessionOptions: OrtSessionOptions;
}

/**
 * On WebGPU onnxruntime-web 1.30 computes some convolutions wrongly and says nothing, so every prediction and every map behind them would be
 * wrong. Those of the shapes that fail run once on WebGPU and once on the processor, with numbers of our own, and must agree; a runtime in
 * which the fault is mended passes. Models without such a convolution, as most are, cost nothing.
 * @throws UnsupportedError naming the node; CamError RUNTIME where the runtime has no WebGPU
 */
export async function checkConvolutions(options: CheckConvolutionsOptions): Promise<void> {
  const { ort, graph, shapes, sessionOptions } = options;
  const suspects = distinct(graph.nodes.flatMap((node) => suspect(graph, shapes, node) ?? []));
  if (suspects.length === 0) return;
  const bytes = probeModel(graph, suspects);
  const run = (executionProviders: Providers): Promise<Float32Array[]> =>
    orRuntimeError('createOnnxModel', () =>
      runProbe(ort, bytes, suspects, { executionProviders, logSeverityLevel: 3 }),
    );
  const found = await run(sessionOptions.executionProviders!);
  const expected = await run(['cpu']);
  for (const [i, { node, weights }] of suspects.entries()) {
    const wrong = disagreement(found[i]!, expected[i]!);
    if (wrong === undefined) continue;
    const [out, own, ...kernel] = weights;
    throw new UnsupportedError(
      `createOnnxModel: expected a WebGPU that computes Conv "${node.name || node.outputs[0]}" (${kernel.join('×')}, ${own} channels into ${out}) as the processor does; its values ${wrong}, a fault of the runtime that makes every prediction wrong. Run this model on wasm: sessionOptions: { executionProviders: ['wasm'] }.`,
    );
  }
}

/**
 * Far above what the order of a few thousand summands changes in float32, which the probe is in whatever the model is, and far below the
 * fault, which moves whole channels.
 */
const TOLERANCE = 1e-3;
/** Places of a probe where the kernel reaches no further: several workgroups, and cheap. */
const USUAL_SIDE = 32;
/** Of an input whose size is open: no kernel in use reaches further, and a dilation out of all proportion costs nothing. */
const LARGEST_SIDE = 256;

interface Suspect {
  readonly node: OnnxNode;
  readonly weights: readonly number[];
  readonly image: readonly number[];
}

/** Tried and wrong: input channels a multiple of 3 and not of 4, more than 3, into a multiple of 4, by kernels larger than 1×1. */
function suspect(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  node: OnnxNode,
): Suspect | undefined {
  if (node.domain !== '' || node.opType !== 'Conv') return undefined;
  const [data = '', weight = ''] = node.inputs;
  const dims = constantOf(graph, weight)?.dims ?? shapes.get(weight)?.dims;
  if (dims?.length !== 4 || dims.some((extent) => extent === undefined)) return undefined;
  const weights = dims as readonly number[];
  const [out, own, ...kernel] = weights as [number, number, ...number[]];
  if (own <= 3 || own % 3 !== 0 || own % 4 === 0 || out % 4 !== 0) return undefined;
  if (kernel.every((extent) => extent === 1)) return undefined;
  const known = shapes.get(data)?.dims;
  const channels = known?.[1] ?? own * intAttribute(node, 'group', 1);
  const dilations = intsAttribute(node, 'dilations') ?? [1, 1];
  const sides = kernel.map((extent, axis) => {
    const reach = (dilations[axis] ?? 1) * (extent - 1) + 1;
    // In a smaller model the kernel reaches into padding, as it does there.
    return Math.min(known?.[axis + 2] ?? LARGEST_SIDE, Math.max(USUAL_SIDE, reach + 3 * extent));
  });
  return { node, weights, image: [1, channels, ...sides] };
}

/** One of each kind: what differs in no attribute and no shape is computed by one program. */
function distinct(suspects: readonly Suspect[]): Suspect[] {
  const key = ({ node, weights, image }: Suspect): string =>
    JSON.stringify([weights, image, [...node.attributes].sort(([a], [b]) => (a < b ? -1 : 1))], (_, value) =>
      typeof value === 'bigint' ? String(value) : (value as unknown),
    );
  return [...new Map(suspects.map((entry) => [key(entry), entry])).values()];
}

function probeModel(graph: GraphIndex, suspects: readonly Suspect[]): Uint8Array {
  return writeModel({
    opsets: { '': graph.opset },
    graph: {
      inputs: suspects.map(({ image }, i) => ({ name: `x${i}`, dataType: 'float32', shape: image })),
      outputs: suspects.map((_, i) => ({ name: `y${i}`, dataType: 'float32' })),
      nodes: suspects.map(({ node }, i) => ({
        copy: node,
        inputs: [`x${i}`, `w${i}`],
        outputs: [`y${i}`],
        name: `conv${i}`,
      })),
      initializers: suspects.map(({ weights }, i) => ({
        name: `w${i}`,
        dataType: 'float32',
        dims: weights,
        data: noise(sizeOf(weights), 2),
      })),
    },
  });
}

async function runProbe(
  ort: OrtRuntime,
  bytes: Uint8Array,
  suspects: readonly Suspect[],
  sessionOptions: OrtSessionOptions,
): Promise<Float32Array[]> {
  const session = await ort.InferenceSession.create(bytes, sessionOptions);
  try {
    const feeds = suspects.map(
      ({ image }, i) => [`x${i}`, new ort.Tensor('float32', noise(sizeOf(image), 1), image)] as const,
    );
    const results = await session.run(Object.fromEntries(feeds));
    return suspects.map((_, i) => results[`y${i}`]!.data as Float32Array);
  } finally {
    await session.release();
  }
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, extent) => product * extent, 1);
}

/** Numbers in [−1, 1) without a pattern that a wrong order of channels could leave unchanged. */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** What is wrong with the values found; undefined where they are those expected up to rounding. */
function disagreement(found: Float32Array, expected: Float32Array): string | undefined {
  if (found.length !== expected.length) return `are ${found.length} instead of ${expected.length}`;
  let [largest, worst] = [0, 0];
  for (const [i, value] of expected.entries()) {
    // NaN and infinity.
    if (!Number.isFinite(found[i])) return 'are not numbers';
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Math.abs(found[i]! - value));
  }
  if (worst <= TOLERANCE * largest) return undefined;
  return `differ by ${Number(((100 * worst) / largest).toPrecision(2))} % of the largest`;
}
