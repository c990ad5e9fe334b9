import { LimitError, ModelFormatError } from '@hybridcam/core';
import { READ_LIMITS } from './limits.ts';
import { readUtf8 } from './utf8.ts';

/** Wire types of protobuf that ONNX uses. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** What all readers of one model share: the bytes and how much has been decoded from them. */
export interface WireSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  items: number;
  nodes: number;
}

export function wireSource(bytes: Uint8Array): WireSource {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), items: 0, nodes: 0 };
}

/**
 * A cursor over the fields of one protobuf message. `next` moves to a field and leaves its number, wire type and payload
 * range in the cursor; nothing is copied. Every position is checked against the end of the message.
 */
export class WireReader {
  readonly source: WireSource;
  readonly end: number;
  /** Of the current field. For varints the payload is `value`; for the others bytes[start, stop). */
  field = 0;
  wire: number = WIRE.varint;
  value = 0;
  /** Where its tag begins. */
  tagStart = 0;
  start = 0;
  stop = 0;
  #position: number;

  constructor(source: WireSource, start: number, end: number) {
    this.source = source;
    this.#position = start;
    this.end = end;
  }

  next(): boolean {
    if (this.#position >= this.end) return false;
    const at = this.#position;
    this.tagStart = at;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field < 1 || this.field > 0x1fffffff) {
      throw new ModelFormatError(
        `readOnnx: expected a protobuf field number at byte ${at}; received ${this.field}. The file is damaged or not an ONNX model.`,
      );
    }
    this.start = this.#position;
    if (this.wire === WIRE.varint) {
      this.value = this.#varint();
    } else if (this.wire === WIRE.bytes) {
      const length = this.#varint();
      this.start = this.#position;
      this.#skip(length, at);
    } else if (this.wire === WIRE.fixed32) {
      this.#skip(4, at);
    } else if (this.wire === WIRE.fixed64) {
      this.#skip(8, at);
    } else {
      throw new ModelFormatError(
        `readOnnx: expected protobuf wire type 0, 1, 2 or 5 at byte ${at}; received ${this.wire} (field ${this.field}). The file is damaged or not an ONNX model.`,
      );
    }
    this.stop = this.#position;
    return true;
  }

  /** A cursor over the current field as a message. */
  message(): WireReader {
    this.#expect(WIRE.bytes, 'a message');
    this.count(1);
    return new WireReader(this.source, this.start, this.stop);
  }

  /** The current field's bytes, as a view of the model. */
  view(): Uint8Array {
    this.#expect(WIRE.bytes, 'bytes');
    return this.source.bytes.subarray(this.start, this.stop);
  }

  string(): string {
    this.#expect(WIRE.bytes, 'a string');
    this.count(1);
    const length = this.stop - this.start;
    if (length > READ_LIMITS.stringBytes) {
      throw new LimitError(
        `readOnnx: expected names and strings of at most ${READ_LIMITS.stringBytes} bytes; received ${length} at byte ${this.start}.`,
      );
    }
    return readUtf8(this.source.bytes, this.start, this.stop);
  }

  integer(): number {
    this.#expect(WIRE.varint, 'an integer');
    return this.value;
  }

  float(): number {
    this.#expect(WIRE.fixed32, 'a float');
    return this.source.view.getFloat32(this.start, true);
  }

  /** Adds the current field to `out`: one integer, or a packed run of them. */
  integers(out: number[]): void {
    if (this.wire === WIRE.varint) {
      this.count(1);
      out.push(this.value);
      return;
    }
    this.#expect(WIRE.bytes, 'integers');
    const packed = new WireReader(this.source, this.start, this.stop);
    while (packed.#position < packed.end) {
      this.count(1);
      out.push(packed.#varint());
    }
  }

  /** Adds the current field to `out`: one float, or a packed run of them. */
  floats(out: number[]): void {
    if (this.wire === WIRE.bytes) {
      const count = this.fixedCount(4);
      this.count(count);
      for (let i = 0; i < count; i++) out.push(this.source.view.getFloat32(this.start + 4 * i, true));
      return;
    }
    this.count(1);
    out.push(this.float());
  }

  /** How many values of `size` bytes the packed current field holds. */
  fixedCount(size: number): number {
    const count = (this.stop - this.start) / size;
    if (!Number.isInteger(count)) {
      throw new ModelFormatError(
        `readOnnx: expected packed values of ${size} bytes at byte ${this.start}; received ${this.stop - this.start} bytes. The file is damaged.`,
      );
    }
    return count;
  }

  /** Books decoded items against the limit. */
  count(items: number): void {
    this.source.items += items;
    if (this.source.items > READ_LIMITS.items) {
      throw new LimitError(
        `readOnnx: expected at most ${READ_LIMITS.items} names, numbers and messages outside the weights; the file has more (at byte ${this.start}).`,
      );
    }
  }

  #expect(wire: number, what: string): void {
    if (this.wire !== wire) {
      throw new ModelFormatError(
        `readOnnx: expected ${what} in field ${this.field} at byte ${this.start}; received wire type ${this.wire}. The file is damaged or not an ONNX model.`,
      );
    }
  }

  #skip(length: number, at: number): void {
    if (length < 0 || length > this.end - this.#position) {
      const outermost = this.end === this.source.bytes.length;
      throw new ModelFormatError(
        `readOnnx: expected ${length} bytes for field ${this.field} at byte ${at}; received ${this.end - this.#position}. ` +
          (outermost ? 'The file is truncated: copy or download it again.' : 'The file is damaged.'),
      );
    }
    this.#position += length;
  }

  /** Signed 64-bit integer as a number: exact up to 2^53, beyond that only "very large", which is all ONNX means by it. */
  #varint(): number {
    const { bytes } = this.source;
    const at = this.#position;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.#position >= this.end) {
        throw new ModelFormatError(
          `readOnnx: expected an integer at byte ${at}; the data end at byte ${this.end}. The file is truncated: copy or download it again.`,
        );
      }
      const byte = bytes[this.#position++]!;
      if (i < 4) low += (byte & 127) * 2 ** (7 * i);
      else if (i === 4) {
        low += (byte & 15) * 2 ** 28;
        high += (byte & 127) >> 4;
      } else high += (byte & 127) * 2 ** (7 * i - 32);
      if (byte < 128) {
        high %= 2 ** 32;
        if (high < 2 ** 31) return high * 2 ** 32 + low;
        return -((2 ** 32 - 1 - high) * 2 ** 32 + (2 ** 32 - low));
      }
    }
    throw new ModelFormatError(
      `readOnnx: expected an integer of at most 10 bytes at byte ${at}; it does not end. The file is damaged or not an ONNX model.`,
    );
  }
}
