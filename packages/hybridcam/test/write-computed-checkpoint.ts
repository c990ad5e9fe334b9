import { writeFileSync } from 'node:fs';
import { computedParameter } from '@hybridcam/test-utils';
import { parameterShapes, type ZooName, zooEntry } from '@hybridcam/zoo';

/** A safetensors checkpoint of a zoo model whose every value is computed from its name: the right form, no training. */
export function writeComputedCheckpoint(name: ZooName, path: string): void {
  const header: Record<string, object> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [tensor, shape] of parameterShapes(zooEntry(name).network())) {
    const data = computedParameter(tensor, shape);
    header[tensor] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    parts.push(new Uint8Array(data.buffer));
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  writeFileSync(path, Buffer.concat([length, text, ...parts]));
}
