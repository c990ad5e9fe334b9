import { zlibSync } from 'fflate';
import { expectOption } from './expect-option.ts';
import { checkImage, type RgbaImage } from './rgba-image.ts';

export interface PngOptions {
  /** Deflate effort, 0 to 9. Default: 6. */
  readonly level?: number;
  /** Text to store beside the pixels, by keyword (1 to 79 Latin letters), for example `{ Title: 'tabby' }`. Default: none. */
  readonly text?: Readonly<Record<string, string>>;
  /**
   * Makes zlib data (RFC 1950) of the filtered rows, for a platform with a faster one: Node's `deflateSync`. Default: our own, the same
   * bytes on every machine.
   */
  readonly deflate?: (bytes: Uint8Array, options: { readonly level: number }) => Uint8Array;
}

/**
 * A picture as the bytes of a PNG file, by default the same bytes for the same picture on every machine.
 *
 * 8 bits per channel; stored as grey or RGB where nothing is lost by it, else RGBA. Each row takes the filter with the
 * smallest sum of magnitudes.
 *
 * @throws ShapeError when the picture is malformed; OptionError on a level outside 0 to 9 or a bad text keyword
 */
export function encodePng(image: RgbaImage, options: PngOptions = {}): Uint8Array {
  checkImage(image, 'encodePng');
  const { level = 6, text = {}, deflate = ownDeflate } = options;
  expectOption(
    Number.isInteger(level) && level >= 0 && level <= 9,
    'encodePng',
    'a level from 0 to 9',
    level,
  );
  const { channels, colorType } = smallestFormat(image.data);
  const header = new Uint8Array(13);
  const headerView = new DataView(header.buffer);
  headerView.setUint32(0, image.width);
  headerView.setUint32(4, image.height);
  header[8] = 8;
  header[9] = colorType;
  const pixels = deflate(filterRows(image, channels), { level });
  return concatenate([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...Object.entries(text).map(([keyword, value]) => chunk('iTXt', internationalText(keyword, value))),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function ownDeflate(bytes: Uint8Array, { level }: { readonly level: number }): Uint8Array {
  return zlibSync(bytes, { level: level as 6 });
}

/** PNG's colour types: 0 grey, 2 RGB, 6 RGBA. */
function smallestFormat(data: RgbaImage['data']): { channels: 1 | 3 | 4; colorType: 0 | 2 | 6 } {
  let isGrey = true;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] !== 255) return { channels: 4, colorType: 6 };
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) isGrey = false;
  }
  return isGrey ? { channels: 1, colorType: 0 } : { channels: 3, colorType: 2 };
}

function filterRows(image: RgbaImage, channels: number): Uint8Array {
  const { data, width, height } = image;
  const rowLength = width * channels;
  const filtered = new Uint8Array(height * (rowLength + 1));
  let above = new Uint8Array(rowLength);
  let row = new Uint8Array(rowLength);
  const candidate = new Uint8Array(rowLength);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) row[x * channels + c] = data[4 * (y * width + x) + c]!;
    }
    const start = y * (rowLength + 1);
    let least = Number.POSITIVE_INFINITY;
    for (let filter = 0; filter < 5; filter++) {
      const sum = filterRow(filter, row, above, channels, candidate);
      if (sum >= least) continue;
      least = sum;
      filtered[start] = filter;
      filtered.set(candidate, start + 1);
    }
    [above, row] = [row, above];
  }
  return filtered;
}

/** Writes the row under filter 0 to 4 (none, sub, up, average, Paeth) and returns the sum of magnitudes as signed bytes. */
function filterRow(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  step: number,
  out: Uint8Array,
): number {
  const { length } = row;
  // One loop per filter: this runs five times over every byte of a picture.
  if (filter === 0) out.set(row);
  else if (filter === 2) for (let i = 0; i < length; i++) out[i] = row[i]! - above[i]!;
  else {
    for (let i = 0; i < step; i++)
      out[i] = row[i]! - (filter === 1 ? 0 : filter === 3 ? above[i]! >> 1 : above[i]!);
    if (filter === 1) for (let i = step; i < length; i++) out[i] = row[i]! - row[i - step]!;
    else if (filter === 3)
      for (let i = step; i < length; i++) out[i] = row[i]! - ((row[i - step]! + above[i]!) >> 1);
    else
      for (let i = step; i < length; i++)
        out[i] = row[i]! - paeth(row[i - step]!, above[i]!, above[i - step]!);
  }
  let sum = 0;
  for (let i = 0; i < length; i++) sum += out[i]! < 128 ? out[i]! : 256 - out[i]!;
  return sum;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const byLeft = Math.abs(estimate - left);
  const byUp = Math.abs(estimate - up);
  const byCorner = Math.abs(estimate - corner);
  return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
}

/** iTXt, uncompressed: keyword, then four empty fields, then UTF-8. */
function internationalText(keyword: string, value: string): Uint8Array {
  expectOption(
    /^[\x21-\x7e](?:[\x20-\x7e]{0,77}[\x21-\x7e])?$/.test(keyword),
    'encodePng',
    'a text keyword of 1 to 79 printable ASCII letters without spaces at its ends',
    JSON.stringify(keyword),
  );
  return concatenate([utf8(keyword), new Uint8Array(5), utf8(value)]);
}

/** UTF-8 without `TextEncoder`, which a bare ES2022 engine need not have; lone surrogates become U+FFFD. */
function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
  return Uint8Array.from(escaped.match(/%..|./g) ?? [], (part) =>
    part.length > 1 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
  );
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** CRC-32 (ISO 3309), by nibble: 16 entries instead of 256, and the pixels pass through it only once, compressed. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = crcTable[(crc ^ byte) & 15]! ^ (crc >>> 4);
    crc = crcTable[(crc ^ (byte >> 4)) & 15]! ^ (crc >>> 4);
  }
  return ~crc >>> 0;
}

const crcTable: Uint32Array = /* @__PURE__ */ Uint32Array.from({ length: 16 }, (_, nibble) => {
  let crc = nibble;
  for (let bit = 0; bit < 4; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
