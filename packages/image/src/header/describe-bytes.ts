import { readAscii } from './bytes.ts';

/** What a file of that beginning is; the first match counts. */
const magics: readonly (readonly [start: string, offset: number, description: string])[] = [
  ['GIF8', 0, 'a GIF'],
  ['BM', 0, 'a BMP'],
  ['II*\0', 0, 'a TIFF'],
  ['MM\0*', 0, 'a TIFF'],
  ['ftyphe', 4, 'a HEIC photograph'],
  ['ftypmif1', 4, 'a HEIC photograph'],
  ['ftypavi', 4, 'an AVIF'],
  ['ftyp', 4, 'a video'],
  ['\xff\x0a', 0, 'a JPEG XL'],
  ['\0\0\0\x0cJXL ', 0, 'a JPEG XL'],
  ['\0\0\0\x0cjP  ', 0, 'a JPEG 2000'],
  ['\0\0\x01\0', 0, 'an icon (ICO)'],
  ['8BPS', 0, 'a Photoshop file'],
  ['%PDF', 0, 'a PDF'],
  ['PK\x03\x04', 0, 'a ZIP archive'],
  ['\x1f\x8b', 0, 'a gzip file'],
  ['\x93NUMPY', 0, 'a NumPy array'],
  ['\xff\xd8', 0, 'the first bytes of a JPEG and nothing more'],
  ['\x89PNG', 0, 'a damaged PNG (its signature was changed, perhaps by a transfer in text mode)'],
  ['version https://git-lfs', 0, 'a Git LFS pointer (run `git lfs pull` to get the file)'],
];

const textKinds: readonly (readonly [test: RegExp, description: string])[] = [
  [/^\s*<(!doctype html|html|head|body)/i, 'an HTML page'],
  [/^\s*<(.*<)?svg[\s>]/is, 'an SVG drawing'],
  [/^\s*<\?xml/i, 'an XML file'],
];

/** What bytes that are no picture of ours look like, for an error message. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const start = readAscii(bytes, 0, 3) === '\xef\xbb\xbf' ? 3 : 0; // byte order mark
  const head = readAscii(bytes, start, 1024);
  for (const [magic, offset, description] of magics) if (head.startsWith(magic, offset)) return description;
  for (const [test, description] of textKinds) if (test.test(head)) return description;
  if (isText(bytes.subarray(start, 1024))) return 'a text file';
  const hex = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${bytes.length} bytes of unknown kind (they start with ${hex})`;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13) || byte === 27);
}
