/** What a file that is not ONNX looks like, with the remedy; undefined when nothing is recognised. */
export function sniffFormat(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file: copy or download it again';
  const head = Array.from(bytes.subarray(0, 1024), (byte) => String.fromCharCode(byte)).join('');
  if (head.startsWith('version https://git-lfs'))
    return 'a Git LFS pointer: run "git lfs pull" to fetch the model itself';
  if (head.slice(4, 8) === 'ORTM') return 'an ORT-format model (.ort): pass the .onnx file it was made from';
  if (head.slice(4, 8) === 'TFL3') return 'a TensorFlow Lite model: convert it to ONNX first (tf2onnx)';
  for (const [magic, what] of MAGIC) if (head.startsWith(magic)) return what;
  if (head.slice(4, 8) === '\0\0\0\0' && head[8] === '{') {
    return 'a safetensors checkpoint: weights without a graph; export the model to ONNX';
  }
  // No ONNX file is text: its first field tag, ir_version, is the control character 0x08.
  if (!/^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(head)) return undefined;
  const text = head.replace(/^(\xef\xbb\xbf)?\s+/, '').toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(text)) {
    return 'an HTML page: a download that ended on a web page; fetch the raw file';
  }
  if (text.startsWith('<')) return 'an XML or HTML document';
  if (/^[{[]/.test(text)) return 'JSON text (a tfjs model.json, or an error message of a server)';
  return 'a text file';
}

const MAGIC: readonly (readonly [string, string])[] = [
  ['\x89PNG', 'a PNG image: model and image may be exchanged'],
  ['\xff\xd8\xff', 'a JPEG image: model and image may be exchanged'],
  ['GIF8', 'a GIF image: model and image may be exchanged'],
  ['RIFF', 'a WebP image or another RIFF file'],
  [
    'PK\x03\x04',
    'a ZIP archive (a PyTorch checkpoint, or a packed model): unpack it, or export the model to ONNX',
  ],
  ['\x80\x02', 'a Python pickle (a PyTorch checkpoint): export the model to ONNX'],
  ['\x89HDF', 'an HDF5 file (Keras): convert it to ONNX first (tf2onnx)'],
  ['\x1f\x8b', 'a gzip archive: unpack it first'],
  ['%PDF', 'a PDF document'],
];
