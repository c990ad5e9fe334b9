import { ModelFormatError } from '@hybridcam/core';
import type { Parameter } from '../network/network.ts';
import { readSafetensorsCheckpoint } from './read-safetensors-checkpoint.ts';
import { readTorchCheckpoint } from './read-torch-checkpoint.ts';

/**
 * The tensors of a checkpoint by their names, as float32, row-major: a safetensors file, or a PyTorch `.pth` of 1.6 or later. The
 * format is told by the bytes, not by the name. float32 tensors are views of `bytes` where they lie aligned; others stay in their own
 * type and are widened each time `data` is read, so that reading a checkpoint takes no memory beside the file.
 *
 * Nothing in the file is executed: a `.pth` is read with a closed set of opcodes that builds dicts, lists and tensors only.
 * @param name what to call the file in messages
 * @throws ModelFormatError with the offset; for another format its name and what to do; LimitError
 * @example readCheckpoint(await readFile('resnet50-0676ba61.pth')).get('conv1.weight')?.shape // [64, 3, 7, 7]
 */
export function readCheckpoint(bytes: Uint8Array, name = 'checkpoint'): Map<string, Parameter> {
  if (startsWith(bytes, ZIP)) return readTorchCheckpoint(bytes, name);
  const other = OTHER_FORMATS.find(({ magic, at = 0 }) => startsWith(bytes.subarray(at), magic));
  if (other !== undefined) {
    throw new ModelFormatError(
      `${name}: expected safetensors or a PyTorch .pth (1.6 or later); received ${other.what}. ${other.remedy}`,
    );
  }
  if (!looksLikeSafetensors(bytes)) {
    throw new ModelFormatError(
      `${name}: expected safetensors or a PyTorch .pth; received ${bytes.length} bytes that begin like neither. Check that the file is complete.`,
    );
  }
  try {
    return readSafetensorsCheckpoint(bytes);
  } catch (cause) {
    if (cause instanceof ModelFormatError) throw new ModelFormatError(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** 8 bytes of header length, then JSON. */
function looksLikeSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
}

const SAVE_AGAIN = 'Save it again: torch.save(torch.load(FILE, weights_only=True), NEW).';

interface Format {
  readonly magic: readonly number[];
  readonly at?: number;
  readonly what: string;
  readonly remedy: string;
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

/** What people have at hand under the same file names. */
const OTHER_FORMATS: readonly Format[] = [
  {
    // The first pickle of the old format is the number 0x1950a86a20f9469cfc6c.
    magic: [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
    what: 'the format of PyTorch before 1.6',
    remedy: SAVE_AGAIN,
  },
  { magic: ascii('ustar'), at: 257, what: 'a tar archive, as PyTorch 0.1 wrote', remedy: SAVE_AGAIN },
  {
    magic: [0x80],
    what: 'a bare pickle',
    remedy: 'It would have to be executed; save the state dict with torch.save.',
  },
  {
    magic: [0x89, ...ascii('HDF')],
    what: 'HDF5, as Keras writes',
    remedy: 'Convert the model to ONNX or TensorFlow.js and load that.',
  },
  { magic: [0x1f, 0x8b], what: 'gzip', remedy: 'Unpack it first.' },
  {
    magic: ascii('version https://git-lfs'),
    what: 'a Git LFS pointer instead of the file',
    remedy: 'Fetch it with git lfs pull.',
  },
  {
    magic: ascii('<'),
    what: 'a web page',
    remedy: 'The download was answered by a page; fetch the file itself.',
  },
  { magic: ascii('GGUF'), what: 'GGUF', remedy: 'Use the original checkpoint.' },
];

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}
