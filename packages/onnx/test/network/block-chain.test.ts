import { describe, expect, test } from 'vitest';
import { indexGraph } from '../../src/graph/graph-index.ts';
import { type BlockChain, blockChain } from '../../src/network/block-chain.ts';
import type { NodeDescription } from '../../src/proto/graph-description.ts';
import { readOnnx } from '../../src/proto/read-onnx.ts';
import { writeModel } from '../../src/proto/write-onnx.ts';

const node = (opType: string, inputs: string[], output: string): NodeDescription => ({
  opType,
  inputs,
  outputs: [output],
  name: output,
});

interface Transformer {
  readonly blocks?: number;
  /** The norm behind the residual sum. */
  readonly postNorm?: boolean;
  /** A tensor that the head adds to its own. */
  readonly headReads?: string;
  readonly scoreDims?: readonly number[];
  readonly tokenDims?: readonly number[];
  readonly attention?: readonly string[];
}

/** Blocks x ↦ x + A(norm x)·(norm x), with Relu in place of norms, and a head that adds up all tokens. */
function chainOf({
  blocks = 3,
  postNorm = false,
  headReads,
  scoreDims = [1, 2],
  tokenDims = [1, 5, 2],
  attention = Array.from({ length: blocks }, (_, l) => `a${l}`),
}: Transformer = {}): BlockChain {
  const nodes = Array.from({ length: blocks }, (_, l) => {
    const [x, y] = [`x${l}`, `x${l + 1}`];
    const n = postNorm ? x : `n${l}`;
    return [
      ...(postNorm ? [] : [node('Relu', [x], n)]),
      node('Transpose', [n], `k${l}`),
      node('MatMul', [n, `k${l}`], `l${l}`),
      node('Softmax', [`l${l}`], `a${l}`),
      node('MatMul', [`a${l}`, n], `m${l}`),
      ...(postNorm
        ? [node('Add', [x, `m${l}`], `s${l}`), node('Relu', [`s${l}`], y)]
        : [node('Add', [x, `m${l}`], y)]),
    ];
  }).flat();
  const last = `x${blocks}`;
  const read = headReads === undefined ? last : 'both';
  const graph = indexGraph(
    readOnnx(
      writeModel({
        opsets: { '': 17 },
        graph: {
          inputs: [{ name: 'x0', dataType: 'float32', shape: [1, 5, 2] }],
          outputs: [{ name: 'scores', dataType: 'float32', shape: [...scoreDims] }],
          nodes: [
            ...nodes,
            node('Relu', [last], 'final'),
            ...(headReads === undefined ? [] : [node('Concat', ['final', headReads], 'both')]),
            node('ReduceSum', [read === last ? 'final' : read], 'scores'),
          ],
        },
      }),
    ),
  );
  const dims = (extents: readonly number[]) => ({ dims: extents, dataType: 'float32' as const });
  const shapes = new Map([
    ['scores', dims(scoreDims)],
    ...Array.from({ length: blocks }, (_, l) => [`x${l + 1}`, dims([1, 5, 2])] as const),
    [last, dims(tokenDims)],
  ]);
  return blockChain({ graph, shapes, input: 'x0', scores: 'scores', attention });
}

describe('blockChain', () => {
  test('blockChain finds the tokens between pre-norm blocks, and what lies behind the last', () => {
    const { blockedBy, tokens, tail } = chainOf();
    expect(blockedBy).toBeUndefined();
    expect(tokens).toEqual(['x1', 'x2', 'x3']);
    expect(tail.map(({ name }) => name)).toEqual(['final', 'scores']);
  });

  test('blockChain of a single block needs nothing behind it', () => {
    expect(chainOf({ blocks: 1 })).toEqual({ blockedBy: undefined, tokens: [], tail: [] });
  });

  test('blockChain names what is missing', () => {
    expect(chainOf({ postNorm: true }).blockedBy).toMatch(
      /^all that attention "a0" tells .* meets last in Relu "x1", not in the sum of a residual connection: .*\(post-norm\)/,
    );
    expect(chainOf({ headReads: 'x1' }).blockedBy).toMatch(
      /^Concat "both" behind the last block reads "x1" too/,
    );
    // What the first block tells the scores does not all go through its own tokens.
    expect(chainOf({ headReads: 'm0' }).blockedBy).toMatch(/meets last in MatMul "m0", not in the sum/);
    expect(chainOf({ attention: ['a1', 'a0', 'a2'] }).blockedBy).toMatch(
      /^attention "a0" does not follow from "a1"/,
    );
    expect(chainOf({ scoreDims: [1, 2, 2] }).blockedBy).toMatch(/its scores are not \[batch, classes\]/);
    expect(chainOf({ tokenDims: [1, 1, 2] }).blockedBy).toMatch(
      /behind attention "a2" no sum .* has the shape/,
    );
  });
});
