import { geometricMix } from './portable-math.ts';

/** A seeded source of numbers that is the same in every engine (splitmix32). */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Log-uniform in [low, high). */
  logBetween(low: number, high: number): number;
  /** Integer in [0, below). */
  integer(below: number): number;
  pick<T>(items: readonly T[]): T;
}

/** One stream per factor: adding or redrawing a factor leaves all others of the same seed as they were. */
export function random(seed: number, factor: string): Random {
  let state = mix(mix(seed >>> 0) ^ hashText(factor));
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 4294967296;
  };
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    logBetween: (low, high) => geometricMix(low, high, uniform()),
    integer: (below) => Math.floor(uniform() * below),
    pick: (items) => items[Math.floor(uniform() * items.length)]!,
  };
}

/** Scrambles 32 bits; the integer half of every noise here. */
export function mix(bits: number): number {
  let z = bits | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** A random number in [0, 1) for a point of the integer lattice. */
export function lattice(x: number, y: number, seed: number): number {
  return mix(Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed) / 4294967296;
}

/** FNV-1a of the UTF-16 units; factor names are ASCII. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
