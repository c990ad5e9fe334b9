import type { BatchNormStep, ConvolutionStep, Network, Parameter, Parameters, Step } from './network.ts';
import { parameterPrefix } from './parameter-shapes.ts';

/**
 * The same function without the batch norms that directly follow a convolution: weight · γ/√(σ²+ε), bias β − μ·γ/√(σ²+ε), in
 * float64 and rounded once. Names of block outputs stay; the batch norms' own names vanish with them.
 *
 * Folded weights are computed each time `data` is read, so that a checkpoint need not be held twice.
 */
export function foldBatchNorm(
  network: Network,
  parameters: Parameters,
): { readonly network: Network; readonly parameters: Parameters } {
  const readers = new Map<string, number>();
  for (const step of network.steps) {
    for (const name of inputsOf(step)) readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const convolutions = new Map(
    network.steps.flatMap((step) => (step.op === 'convolution' ? [[step.name, step] as const] : [])),
  );
  const folded = new Map<string, BatchNormStep>();
  for (const step of network.steps) {
    if (step.op === 'batch-norm' && convolutions.has(step.input) && readers.get(step.input) === 1) {
      folded.set(step.input, step);
    }
  }
  // A batch norm that bears its block's name passes it on; any other name vanishes.
  const nameOf = (convolution: string, norm: BatchNormStep) =>
    norm.parameters === undefined ? convolution : norm.name;
  const renamed = new Map([...folded].map(([convolution, norm]) => [norm.name, nameOf(convolution, norm)]));
  const target = (name: string) => renamed.get(name) ?? name;
  const result = new Map(parameters);
  const steps: Step[] = [];
  for (const step of network.steps) {
    const norm = step.op === 'convolution' ? folded.get(step.name) : undefined;
    if (step.op === 'convolution' && norm) {
      foldInto(step, norm, parameters, result);
      steps.push({
        ...step,
        name: nameOf(step.name, norm),
        parameters: parameterPrefix(step),
        input: target(step.input),
        bias: true,
      });
    } else if (!(step.op === 'batch-norm' && renamed.has(step.name))) {
      steps.push(
        step.op === 'add'
          ? { ...step, input: target(step.input), other: target(step.other) }
          : { ...step, input: target(step.input) },
      );
    }
  }
  return { network: { ...network, output: target(network.output), steps }, parameters: result };
}

export function inputsOf(step: Step): readonly string[] {
  return step.op === 'add' ? [step.input, step.other] : [step.input];
}

function foldInto(
  convolution: ConvolutionStep,
  norm: BatchNormStep,
  parameters: Parameters,
  into: Map<string, Parameter>,
): void {
  const [prefix, normPrefix] = [parameterPrefix(convolution), parameterPrefix(norm)];
  const read = (name: string) => parameters.get(name)!.data;
  const weight = parameters.get(`${prefix}.weight`)!;
  const [gamma, beta] = [read(`${normPrefix}.weight`), read(`${normPrefix}.bias`)];
  const [mean, variance] = [read(`${normPrefix}.running_mean`), read(`${normPrefix}.running_var`)];
  const oldBias = convolution.bias ? read(`${prefix}.bias`) : undefined;
  const scales = Float64Array.from(
    gamma,
    (value, channel) => value / Math.sqrt(variance[channel]! + norm.epsilon),
  );
  const bias = Float32Array.from(
    scales,
    (scale, channel) => beta[channel]! + ((oldBias?.[channel] ?? 0) - mean[channel]!) * scale,
  );
  into.set(`${prefix}.weight`, {
    shape: weight.shape,
    get data() {
      return scaleChannels(weight.data, scales);
    },
  });
  into.set(`${prefix}.bias`, { shape: [convolution.outChannels], data: bias });
  for (const part of ['weight', 'bias', 'running_mean', 'running_var']) into.delete(`${normPrefix}.${part}`);
}

/** Each output channel's weights times its scale. */
function scaleChannels(weights: Float32Array, scales: Float64Array): Float32Array {
  const scaled = new Float32Array(weights.length);
  const perChannel = weights.length / scales.length;
  for (let channel = 0, i = 0; channel < scales.length; channel++) {
    const scale = scales[channel]!;
    for (const end = (channel + 1) * perChannel; i < end; i++) scaled[i] = weights[i]! * scale;
  }
  return scaled;
}
