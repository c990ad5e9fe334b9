import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { appendToModel, writeModel } from '../../src/index.ts';
import { TOY_MAP, toyModel } from '../toy-model.ts';

const CHECK = `
import sys, onnx
for path in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(path), full_check=True)
    print("ok")
`;
const named = process.env['HYBRIDCAM_PYTHON'];
const python = named ?? 'python3';
// A Python that is named must have it: a job that promises this test shall not skip it.
const hasOnnx = named !== undefined || spawnSync(python, ['-c', 'import onnx']).status === 0;

// The format's own validator, where a Python with the onnx package is installed.
describe.skipIf(!hasOnnx)('the ONNX checker (needs python3 with onnx)', () => {
  test('accepts what writeModel and appendToModel write', () => {
    const withBranches = writeModel({
      opsets: { '': 13 },
      ir: 7,
      metadata: { made: 'here' },
      graph: {
        name: 'branches',
        inputs: [{ name: 'x', dataType: 'float32', shape: [2] }],
        outputs: [{ name: 'y', dataType: 'float32', shape: [2] }],
        initializers: [{ name: 'condition', dims: [], dataType: 'bool', data: [1] }],
        nodes: [
          {
            opType: 'If',
            name: 'if',
            inputs: ['condition'],
            outputs: ['y'],
            attributes: {
              then_branch: {
                graph: {
                  name: 'then',
                  nodes: [
                    {
                      opType: 'LeakyRelu',
                      inputs: ['x'],
                      outputs: ['a'],
                      attributes: { alpha: { float: 1 } },
                    },
                  ],
                  outputs: [{ name: 'a', dataType: 'float32', shape: [2] }],
                },
              },
              else_branch: {
                graph: {
                  name: 'else',
                  nodes: [{ opType: 'Neg', inputs: ['x'], outputs: ['b'] }],
                  outputs: [{ name: 'b', dataType: 'float32', shape: [2] }],
                },
              },
            },
          },
        ],
      },
    });
    const models = {
      toy: toyModel(),
      appended: appendToModel(toyModel(), {
        outputs: [{ name: TOY_MAP, dataType: 'float32', shape: ['batch', 6, 4, 4] }],
      }),
      branches: withBranches,
    };
    const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-onnx-'));
    try {
      const files = Object.entries(models).map(([name, bytes]) => {
        const file = path.join(folder, `${name}.onnx`);
        writeFileSync(file, bytes);
        return file;
      });
      const { stdout, stderr } = spawnSync(python, ['-c', CHECK, ...files], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout.trim().split('\n')).toEqual(['ok', 'ok', 'ok']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
