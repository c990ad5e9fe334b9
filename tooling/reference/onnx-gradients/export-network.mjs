import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./export_models.py', import.meta.url));

/**
 * NAME.onnx and NAME.safetensors of one network, by `export_models.py`; returns their path without the ending. What lies there
 * already is taken.
 */
export function exportNetwork({ python, work, model, opset, dynamo = false, flags = [] }) {
  const tag = `_${dynamo ? 'torch2' : 'torch1'}_${opset}${flags.join('')}`;
  const base = join(work, model + tag);
  if (existsSync(`${base}.onnx`)) return base;
  const options = ['--models', model, `--tag=${tag}`, '--opset', String(opset), ...flags];
  if (dynamo) options.push('--dynamo');
  execFileSync(python, [script, work, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  });
  return base;
}
