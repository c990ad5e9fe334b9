import { type AbortSignalLike, CamError, OptionError, throwIfAborted } from '@hybridcam/core';
import { type GraphIndex, indexGraph } from '../graph/graph-index.ts';
import { findScores } from '../graph/scores.ts';
import type { OrtRuntime, OrtSessionOptions } from '../ort.ts';
import { readOnnx } from '../proto/read-onnx.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { appendToModel } from '../proto/write-onnx.ts';
import { assertExternalData } from '../runtime/external-data.ts';
import { quietSessionOptions } from '../runtime/quiet-session-options.ts';
import { orRuntimeError } from '../runtime/runtime-error.ts';
import { defaultRules } from './default-rules.ts';
import { type BackwardPlan, planBackward } from './plan.ts';
import type { RuleOptions } from './rule.ts';
import { tapNodes } from './tap-nodes.ts';

export interface DifferentiateOptions extends Partial<RuleOptions> {
  /** Runs the probe: `onnxruntime-node` or `onnxruntime-web`. */
  readonly ort: OrtRuntime;
  /** Names of the tensors whose gradients are wanted; the model's input is one too. */
  readonly wrt: readonly string[];
  /** Shape of the model's input. Default: the declared one, where it has no open extent but the batch (then 1). */
  readonly inputShape?: readonly number[] | undefined;
  /** Which output to differentiate. Default: the only one. */
  readonly output?: string | undefined;
  /**
   * `logits`: from before a final softmax or sigmoid, where gradients neither vanish nor mix classes. `output`: from the output
   * as it is. Default `logits`.
   */
  readonly from?: 'logits' | 'output' | undefined;
  /** Bytes of the files in which the model keeps weights, by the names it uses. */
  readonly externalData?: ExternalFiles | undefined;
  readonly sessionOptions?: OrtSessionOptions | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

export interface Differentiated extends BackwardPlan {
  /** The model with the taps (and the tensors of `wrt`) among its outputs. */
  readonly forwardModel: Uint8Array;
  readonly graph: GraphIndex;
}

/**
 * The derivative of an ONNX model as another ONNX model: `backwardModel` takes a cotangent (float32, in the shape of the
 * scores) and the tensors named in `taps`, which `forwardModel` hands out, and gives ∂⟨cotangent, scores⟩/∂t for each tensor t of
 * `wrt`. Both are ordinary files for any ONNX Runtime in any language. One probe run measures the shapes that the file does
 * not state.
 *
 * @throws UnsupportedError naming the node that has no gradient rule
 * @throws OptionError for an unknown tensor or output; ShapeError when `inputShape` does not fit or is needed
 * @throws ModelFormatError when the bytes are no ONNX model; CamError NOT_FOUND for missing external data
 */
export async function differentiate(
  bytes: Uint8Array,
  options: DifferentiateOptions,
): Promise<Differentiated> {
  const { ort, wrt, signal } = options;
  const graph = indexGraph(readOnnx(bytes));
  const files: ExternalFiles = options.externalData ?? new Map();
  assertExternalData(graph.model, files);
  assertKnown(graph, wrt);
  const found = findScores(graph, options.output);
  const scores = options.from === 'output' ? found.output : found.tensor;
  const rules = defaultRules(options.sessionOptions);
  const plan = await orRuntimeError('differentiate', () =>
    planBackward({
      graph,
      files,
      layers: wrt,
      scores,
      options: {
        convolution: options.convolution ?? rules.convolution,
        maxPool: options.maxPool ?? rules.maxPool,
      },
      ort,
      sessionOptions: sessionOptionsOf(options),
      inputShape: options.inputShape ?? declaredShape(graph),
      signal,
    }),
  );
  throwIfAborted(signal, 'differentiate');
  const given = new Set([...graph.outputs, ...graph.inputs].map(({ name }) => name));
  const wanted = [...new Set([scores, ...wrt, ...plan.taps.map(({ name }) => name)])];
  const outputs = wanted.filter((name) => !given.has(name)).map((name) => ({ name }));
  return { ...plan, forwardModel: appendToModel(bytes, { nodes: tapNodes(plan.taps), outputs }), graph };
}

/** The caller's session options with our defaults and the external data. */
export function sessionOptionsOf({ sessionOptions, externalData }: DifferentiateOptions): OrtSessionOptions {
  const files = [...(externalData ?? [])].map(([path, data]) => ({ path, data }));
  return { ...quietSessionOptions(sessionOptions), ...(files.length > 0 ? { externalData: files } : {}) };
}

function assertKnown(graph: GraphIndex, wrt: readonly string[]): void {
  const unknown = wrt.find(
    (name) => !graph.producer.has(name) && !graph.inputs.some((input) => input.name === name),
  );
  if (unknown === undefined && wrt.length > 0) return;
  const some = [...graph.producer.keys()].slice(-3).join('", "');
  throw new OptionError(
    `differentiate: expected names of tensors of the model in "wrt"; received ${unknown === undefined ? 'none' : `"${unknown}"`}. The last ones are "${some}".`,
  );
}

function declaredShape(graph: GraphIndex): number[] {
  const [input] = graph.inputs;
  if (!input || graph.inputs.length > 1) {
    throw new CamError(
      'UNSUPPORTED',
      `differentiate: expected a model of one input; received ${graph.inputs.length}.`,
    );
  }
  return (input.shape ?? [undefined]).map((extent, axis) => {
    if (typeof extent === 'number' && extent > 0) return extent;
    if (axis === 0 && input.shape) return 1;
    throw new OptionError(
      `differentiate: expected "inputShape", because the model leaves it open: [${input.shape?.map((e) => e ?? '?') ?? ''}].`,
    );
  });
}
