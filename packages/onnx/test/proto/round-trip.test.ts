import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttributeDescription, readOnnx, writeModel } from '../../src/index.ts';

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const integer = fc.maxSafeInteger();
const float = fc.float({ noNaN: true });
const attribute: fc.Arbitrary<AttributeDescription> = fc.oneof(
  integer,
  fc.string({ unit: 'grapheme' }),
  fc.array(integer, { maxLength: 5 }),
  float.map((value) => ({ float: value })),
  fc.array(float, { maxLength: 5 }).map((floats) => ({ floats })),
);

const plain = (value: AttributeDescription): unknown => {
  if (typeof value !== 'object') return value;
  if ('float' in value) return value.float;
  return 'floats' in value ? [...value.floats] : value;
};

describe('writeModel, readOnnx', () => {
  test('any names, attributes, shapes and values come back as they were', () => {
    const node = fc.record({
      name,
      inputs: fc.array(fc.oneof(name, fc.constant('')), { maxLength: 4 }),
      outputs: fc.array(name, { minLength: 1, maxLength: 3 }),
      attributes: fc.uniqueArray(fc.tuple(name, attribute), { selector: ([key]) => key, maxLength: 4 }),
    });
    const shape = fc.array(fc.oneof(fc.nat(), name, fc.constant(undefined)), { maxLength: 5 });
    const values = fc.array(integer, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 4 }), shape, values, (nodes, dims, numbers) => {
        const bytes = writeModel({
          opsets: { '': 17 },
          graph: {
            inputs: [{ name: 'x', dataType: 'float32', shape: dims }],
            outputs: [{ name: 'y' }],
            nodes: nodes.map((entry) => ({
              ...entry,
              opType: 'Op',
              attributes: Object.fromEntries(entry.attributes),
            })),
            initializers: [{ name: 'n', dims: [numbers.length], dataType: 'int64', data: numbers }],
          },
        });
        const { graph } = readOnnx(bytes);
        expect(graph.inputs[0]!.shape).toEqual(dims);
        expect(graph.initializers[0]!.rawData).toEqual(
          new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer),
        );
        for (const [i, read] of graph.nodes.entries()) {
          const written = nodes[i]!;
          expect([read.name, read.inputs, read.outputs]).toEqual([
            written.name,
            written.inputs,
            written.outputs,
          ]);
          const attributes = [...read.attributes].map(([key, entry]) => [
            key,
            'value' in entry ? entry.value : entry,
          ]);
          expect(Object.fromEntries(attributes)).toEqual(
            Object.fromEntries(written.attributes.map(([key, value]) => [key, plain(value)])),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
