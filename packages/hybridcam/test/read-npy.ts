import { readFileSync } from 'node:fs';

/** A float32 `.npy` file, read without our own writer's help. */
export function readNpy(path: string): { shape: number[]; data: Float32Array } {
  const bytes = readFileSync(path);
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]!
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False"))
    throw new Error(`readNpy: ${header}`);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(10 + length + 4 * i));
  return { shape, data };
}
