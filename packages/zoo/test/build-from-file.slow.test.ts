import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { floatsToHalves } from '@hybridcam/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Parameters, resnet } from '../src/index.ts';
import { bundleScript } from './bundle-script.ts';
import { computedParameters } from './computed-parameters.ts';

interface Measured {
  readonly before: number;
  readonly peak: number;
  readonly onnxBytes: number;
  readonly load: number;
  readonly build: number;
  readonly file: number;
}

describe('ResNet-50 from a safetensors file on disk to ONNX bytes, in a process of its own', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-build-'));
  const parameters = computedParameters(resnet(50));
  let script: string;
  beforeAll(async () => {
    script = await bundleScript(path.join(import.meta.dirname, 'build-from-file.ts'), folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // The file and the ONNX bytes alone are 2 × a file of float32, and 3 × a file of halves; the rest is what the collector has not come to.
  it.each([
    { dtype: 'F32', megabytes: 102, times: 3 },
    { dtype: 'F16', megabytes: 51, times: 5 },
  ] as const)('$dtype, $megabytes MB: under $times times the file', ({ dtype, megabytes, times }) => {
    const file = path.join(folder, `${dtype}.safetensors`);
    writeSafetensors(file, dtype, parameters);
    const { stdout, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    const measured = JSON.parse(stdout) as Measured;
    const used = measured.peak - measured.before;
    console.log(
      `${dtype}: loaded and hashed in ${measured.load.toFixed(0)} ms, built in ${measured.build.toFixed(0)} ms, ${(used / 1e6).toFixed(0)} MB = ${(used / measured.file).toFixed(2)} × the file`,
    );
    expect(Math.round(measured.file / 1e6)).toBe(megabytes);
    expect(Math.round(measured.onnxBytes / 1e6)).toBe(102);
    expect(used).toBeGreaterThan(measured.file);
    expect(used).toBeLessThan(times * measured.file);
  });
});

function writeSafetensors(file: string, dtype: 'F32' | 'F16', parameters: Parameters): void {
  const header: Record<string, object> = {};
  let end = 0;
  for (const [name, { shape, data }] of parameters) {
    const begin = end;
    end += data.length * (dtype === 'F32' ? 4 : 2);
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const text = JSON.stringify(header);
  const padded = new TextEncoder().encode(text.padEnd(8 * Math.ceil(text.length / 8)));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  const to = openSync(file, 'w');
  writeSync(to, length);
  writeSync(to, padded);
  for (const { data } of parameters.values()) writeSync(to, dtype === 'F32' ? data : floatsToHalves(data));
  closeSync(to);
}
