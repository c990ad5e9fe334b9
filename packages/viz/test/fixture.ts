import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { type ArrayView, view } from '@hybridcam/core';
import type { RgbaImage } from '../src/index.ts';

/** base64 of zlib of a C-order array, as the scripts under `tooling/reference/viz` write it. */
export interface PackedArray {
  readonly shape: readonly number[];
  readonly data: string;
}

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')) as T;
}

export function bytesOf(packed: PackedArray): Uint8Array {
  return new Uint8Array(inflateSync(Buffer.from(packed.data, 'base64')));
}

export function mapOf(packed: PackedArray): ArrayView {
  return view(new Float32Array(bytesOf(packed).buffer), packed.shape);
}

/** An RGB array as an opaque picture. */
export function imageOf(packed: PackedArray): RgbaImage {
  const [height, width] = packed.shape as [number, number];
  const rgb = bytesOf(packed);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return { data, width, height };
}

export function mapFrom(rows: readonly (readonly number[])[]): ArrayView {
  return view(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
}

/** How two pictures differ: pixels with any differing channel, and the largest difference. */
export function difference(a: RgbaImage, b: RgbaImage): { pixels: number; levels: number } {
  if (a.width !== b.width || a.height !== b.height)
    throw new Error('difference: expected pictures of one size.');
  let pixels = 0;
  let levels = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    let most = 0;
    for (let channel = 0; channel < 4; channel++) {
      most = Math.max(most, Math.abs(a.data[i + channel]! - b.data[i + channel]!));
    }
    if (most > 0) pixels++;
    levels = Math.max(levels, most);
  }
  return { pixels, levels };
}
