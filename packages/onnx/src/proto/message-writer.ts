import { writeUtf8 } from './utf8.ts';

/**
 * Builds one protobuf message. Small fields are written into a growing buffer; large byte strings are kept by reference, so
 * weights are copied once, into the final file.
 */
export class MessageWriter {
  length = 0;
  readonly #parts: Uint8Array[] = [];
  #buffer = new Uint8Array(256);
  #used = 0;

  /** Signed integers; negatives take ten bytes, as protobuf's int64 does. */
  integer(field: number, value: number | bigint): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#reserve(4);
    new DataView(this.#buffer.buffer, this.#buffer.byteOffset).setFloat32(this.#used, value, true);
    this.#used += 4;
    this.length += 4;
    return this;
  }

  string(field: number, text: string): this {
    return this.bytes(field, writeUtf8(text));
  }

  bytes(field: number, data: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(data.length);
    this.#append(data);
    return this;
  }

  /** A byte string given in parts: one field, no joining copy. */
  joined(field: number, parts: readonly Uint8Array[]): this {
    this.#varint(field * 8 + 2);
    this.#varint(parts.reduce((sum, part) => sum + part.length, 0));
    for (const part of parts) this.#append(part);
    return this;
  }

  message(field: number, message: MessageWriter): this {
    return this.joined(field, message.parts());
  }

  /** Fields copied from another message as they lie there, tags included. */
  raw(fields: Uint8Array): this {
    this.#append(fields);
    return this;
  }

  /** The message so far, large strings by reference. */
  parts(): readonly Uint8Array[] {
    this.#flush();
    return this.#parts;
  }

  /** The message in one array. */
  finish(): Uint8Array {
    return concatenate(this.parts());
  }

  #append(data: Uint8Array): void {
    this.length += data.length;
    if (data.length >= 1024) {
      this.#flush();
      this.#parts.push(data);
      return;
    }
    this.#reserve(data.length);
    this.#buffer.set(data, this.#used);
    this.#used += data.length;
  }

  #varint(value: number | bigint): void {
    this.#reserve(10);
    const start = this.#used;
    if (typeof value === 'bigint' || value < 0 || !Number.isSafeInteger(value)) {
      let rest = BigInt.asUintN(64, BigInt(value));
      while (rest > 127n) {
        this.#buffer[this.#used++] = Number(rest & 127n) | 128;
        rest >>= 7n;
      }
      this.#buffer[this.#used++] = Number(rest);
    } else {
      let rest = value;
      while (rest > 127) {
        this.#buffer[this.#used++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      this.#buffer[this.#used++] = rest;
    }
    this.length += this.#used - start;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#buffer.length) return;
    this.#flush();
    this.#buffer = new Uint8Array(Math.max(4096, bytes));
  }

  #flush(): void {
    if (this.#used === 0) return;
    this.#parts.push(this.#buffer.subarray(0, this.#used));
    this.#buffer = this.#buffer.subarray(this.#used);
    this.#used = 0;
  }
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
