import { UnsupportedError } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { createBackwardPass, planBackward, type RuleOptions, tapNodes } from '../../../src/autodiff/index.ts';
import {
  type InitializerDescription,
  indexGraph,
  type NodeDescription,
  readOnnx,
  writeModel,
} from '../../../src/index.ts';
import { type Draw, draw } from './draw.ts';
import { type OpCase, type OpInput, sizeOf, valuesOf } from './op-case.ts';

/**
 * `passed`; `rejected` with a typed error; `invalid`: ONNX Runtime itself does not take the node; `wrong`: anything else.
 */
export interface Verdict {
  readonly outcome: 'passed' | 'rejected' | 'invalid' | 'wrong';
  readonly detail: string;
}

const sessionOptions: ort.InferenceSession.SessionOptions = { logSeverityLevel: 4, intraOpNumThreads: 1 };

interface BuiltCase {
  readonly model: Uint8Array;
  readonly x: Float32Array;
  readonly inputShape: readonly number[];
  /** Tensor names that stand for the active inputs, with their place in `x`. */
  readonly layers: readonly { readonly name: string; readonly start: number; readonly size: number }[];
  readonly outputs: readonly string[];
}

/**
 * Compares the engine's gradient with differences of ONNX Runtime's own forward: ⟨c, dY⟩ against ⟨g, v⟩ for random cotangents
 * c and directions v.
 */
export async function checkCase(opCase: OpCase, seed: number, options: RuleOptions): Promise<Verdict> {
  const random = draw(seed);
  const openBatch = random.chance(0.4);
  const built = buildModel(opCase, random, openBatch);
  const forward = await forwardOf(built).catch((error: Error) => error);
  if (forward instanceof Error) return { outcome: 'invalid', detail: forward.message };
  try {
    const gradients = await gradientOf(built, forward, options);
    for (let trial = 0; trial < 3; trial++) {
      const problem = await compare(opCase, built, forward, gradients, random);
      if (problem) return { outcome: 'wrong', detail: problem };
    }
    return { outcome: 'passed', detail: '' };
  } catch (error) {
    const rejected = error instanceof UnsupportedError && !/ONNX Runtime can load/.test(error.message);
    return { outcome: rejected ? 'rejected' : 'wrong', detail: String(error) };
  } finally {
    await forward.session.release();
  }
}

interface Forward {
  readonly session: ort.InferenceSession;
  run(x: Float32Array): Promise<ort.InferenceSession.OnnxValueMapType>;
  readonly scoreDims: readonly number[];
}

async function forwardOf(built: BuiltCase): Promise<Forward> {
  const session = await ort.InferenceSession.create(built.model, sessionOptions);
  const run: Forward['run'] = (x) => session.run({ x: new ort.Tensor('float32', x, built.inputShape) });
  const results = await run(built.x);
  const scores = results['scores'] as ort.Tensor;
  if (scores.size === 0) throw new Error('empty output');
  return { session, run, scoreDims: scores.dims };
}

interface Gradients {
  /** ∂⟨c, scores⟩/∂layer laid out as `x`. */
  at(cotangent: Float32Array): Promise<Float32Array>;
}

async function gradientOf(built: BuiltCase, forward: Forward, options: RuleOptions): Promise<Gradients> {
  const graph = indexGraph(readOnnx(built.model));
  const plan = await planBackward({
    graph,
    files: new Map(),
    layers: built.layers.map(({ name }) => name),
    scores: 'scores',
    options,
    ort,
    sessionOptions,
    inputShape: built.inputShape,
  });
  const pass = await createBackwardPass(plan, ort, sessionOptions);
  const { appendToModel } = await import('../../../src/index.ts');
  const outputs = plan.taps
    .filter(({ name }) => name !== 'x' && name !== 'scores')
    .map(({ name }) => ({ name }));
  const tappedModel = appendToModel(built.model, { nodes: tapNodes(plan.taps), outputs });
  const tapped = await ort.InferenceSession.create(tappedModel, sessionOptions);
  const x = new ort.Tensor('float32', built.x, built.inputShape);
  const results = await tapped.run({ x });
  const taps = new Map([...Object.entries(results), ['x', x] as const]) as Map<string, ort.Tensor>;
  await tapped.release();
  return {
    at: async (cotangent) => {
      const gradients = await pass.run(taps, new ort.Tensor('float32', cotangent, forward.scoreDims));
      const flat = new Float32Array(built.x.length);
      for (const { name, start, size } of built.layers) {
        const { data } = gradients.get(name)!;
        if (data.length !== size)
          throw new Error(`gradient of ${size} values expected, ${data.length} received`);
        flat.set(data, start);
      }
      return flat;
    },
  };
}

async function compare(
  opCase: OpCase,
  built: BuiltCase,
  forward: Forward,
  gradients: Gradients,
  random: Draw,
): Promise<string | undefined> {
  const whole = opCase.kind === 'linear';
  const cotangent = Float32Array.from({ length: sizeOf(forward.scoreDims) }, () =>
    whole ? random.int(-3, 3) : random.uniform(-1, 1),
  );
  // Steps of piecewise linear operators are powers of two: what they select is then moved without rounding.
  const directions = {
    linear: () => random.int(-3, 3),
    piecewise: () => random.int(-4, 4) / 4,
    smooth: () => random.uniform(-1, 1),
  };
  const direction = Float32Array.from(built.x, directions[opCase.kind]);
  const gradient = await gradients.at(cotangent);
  const at = async (step: number): Promise<Float32Array> => {
    const moved = built.x.map((value, i) => value + step * direction[i]!);
    return (await forward.run(moved))['scores']!.data as Float32Array;
  };
  // In float64: the differences of nearly equal numbers must not be rounded again.
  const difference = await slope(
    at,
    { linear: 1, piecewise: 1 / 64, smooth: 0.02 }[opCase.kind],
    opCase.kind !== 'smooth',
  );
  let expected = 0;
  let scale = 1e-3;
  difference.forEach((value, i) => {
    expected += value * cotangent[i]!;
    scale += (value * cotangent[i]!) ** 2;
  });
  let actual = 0;
  gradient.forEach((value, i) => {
    actual += value * direction[i]!;
    scale += (value * direction[i]!) ** 2;
  });
  const tolerance = (whole ? 2e-5 : 1e-3) * Math.sqrt(scale);
  if (Math.abs(actual - expected) <= tolerance) return undefined;
  return `⟨g, v⟩ = ${actual}, differences say ${expected} (tolerance ${tolerance})`;
}

async function slope(
  at: (step: number) => Promise<Float32Array>,
  h: number,
  linear: boolean,
): Promise<Float64Array> {
  const [a, b] = [await at(h), await at(-h)];
  if (linear) return Float64Array.from(a, (value, i) => (value - b[i]!) / (2 * h));
  const [c, d] = [await at(2 * h), await at(-2 * h)];
  return Float64Array.from(a, (value, i) => (8 * (value - b[i]!) - (c[i]! - d[i]!)) / (12 * h));
}

/** x → the node → scores, with x cut into pieces where the node has several active inputs. */
function buildModel(opCase: OpCase, random: Draw, openBatch: boolean): BuiltCase {
  const nodes: NodeDescription[] = [];
  const initializers: InitializerDescription[] = [];
  const active = opCase.inputs.filter(
    (input): input is Extract<OpInput, { active: unknown }> => !!input && 'active' in input,
  );
  const sizes = active.map(({ active: dims }) => sizeOf(dims));
  const single = active.length === 1;
  const inputShape = single ? active[0]!.active : [sizes.reduce((a, b) => a + b, 0)];
  const pieces = active.map(({ values, offset }, i) => valuesOf(random, values, sizes[i]!, offset));
  const x = Float32Array.from(pieces.flatMap((piece) => [...piece]));
  const layers: { name: string; start: number; size: number }[] = [];
  const constant = (
    name: string,
    dataType: 'float32' | 'int64' | 'bool',
    dims: readonly number[],
    data: readonly number[] | Float32Array,
  ): string => {
    initializers.push({ name, dims, dataType, data });
    return name;
  };
  let start = 0;
  const names = opCase.inputs.map((input, i) => {
    if (!input) return '';
    if ('floats' in input) {
      return constant(
        `w${i}`,
        'float32',
        input.floats,
        valuesOf(random, input.values, sizeOf(input.floats), input.offset),
      );
    }
    if ('scalar' in input) return constant(`s${i}`, 'float32', [], [input.scalar]);
    if ('numbers' in input) return constant(`n${i}`, 'float32', [input.numbers.length], input.numbers);
    if ('integers' in input) {
      const name = constant(`i${i}`, 'int64', input.dims ?? [input.integers.length], input.integers);
      if (!input.computed) return name;
      // As exporters do: parameters that follow from a shape.
      nodes.push(
        { opType: 'Shape', inputs: ['x'], outputs: [`shape${i}`] },
        {
          opType: 'Gather',
          inputs: [`shape${i}`, constant(`zero${i}`, 'int64', [], [0])],
          outputs: [`batch${i}`],
        },
        { opType: 'Sub', inputs: [`batch${i}`, `batch${i}`], outputs: [`nought${i}`] },
        { opType: 'Add', inputs: [name, `nought${i}`], outputs: [`c${i}`] },
      );
      return `c${i}`;
    }
    if ('booleans' in input) {
      const data = Array.from({ length: sizeOf(input.booleans) }, (_, j) =>
        j === input.open ? 1 : random.int(0, 1),
      );
      return constant(`b${i}`, 'bool', input.booleans, data);
    }
    const size = sizeOf(input.active);
    const name = single ? 'x' : `a${i}`;
    if (!single) {
      nodes.push(
        {
          opType: 'Gather',
          inputs: [
            'x',
            constant(
              `at${i}`,
              'int64',
              [size],
              Array.from({ length: size }, (_, j) => start + j),
            ),
          ],
          outputs: [`cut${i}`],
        },
        {
          opType: 'Reshape',
          inputs: [`cut${i}`, constant(`dims${i}`, 'int64', [input.active.length], input.active)],
          outputs: [name],
        },
      );
    }
    layers.push({ name, start, size });
    start += size;
    return name;
  });
  const outputs = Array.from({ length: opCase.outputs ?? 1 }, (_, i) => (i === 0 ? 'y' : `y${i}`));
  nodes.push({ opType: opCase.op, inputs: names, outputs, attributes: opCase.attributes ?? {} });
  scoresOf(opCase, outputs, nodes, constant);
  const declared = single && openBatch ? ['N', ...inputShape.slice(1)] : inputShape;
  const model = writeModel({
    opsets: { '': opCase.opset },
    graph: {
      nodes,
      initializers,
      inputs: [{ name: 'x', dataType: 'float32', shape: declared }],
      outputs: [{ name: 'scores', dataType: 'float32' }],
    },
  });
  return { model, x, inputShape, layers, outputs };
}

/** One tensor from all used outputs, each weighted differently so that they cannot be mistaken for one another. */
function scoresOf(
  opCase: OpCase,
  outputs: readonly string[],
  nodes: NodeDescription[],
  constant: (
    name: string,
    dataType: 'float32' | 'int64',
    dims: readonly number[],
    data: readonly number[],
  ) => string,
): void {
  const used = outputs.filter((_, i) => !opCase.unused?.includes(i));
  if (used.length === 1) {
    nodes.push({ opType: 'Identity', inputs: [used[0]!], outputs: ['scores'] });
    return;
  }
  const flat = constant('flat', 'int64', [1], [-1]);
  used.forEach((name, i) => {
    nodes.push(
      { opType: 'Reshape', inputs: [name, flat], outputs: [`${name}_flat`] },
      {
        opType: 'Mul',
        inputs: [`${name}_flat`, constant(`weight${i}`, 'float32', [], [i + 1])],
        outputs: [`${name}_part`],
      },
    );
  });
  nodes.push({
    opType: 'Concat',
    inputs: used.map((name) => `${name}_part`),
    outputs: ['scores'],
    attributes: { axis: 0 },
  });
}
