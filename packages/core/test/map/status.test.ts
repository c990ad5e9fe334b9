import { describe, expect, it } from 'vitest';
import { gradCam, mapStatus, statusSentences, view } from '../../src/index.ts';

const map = (...values: number[]) => view(Float32Array.from(values), [1, values.length]);

describe('mapStatus', () => {
  it('mapStatus(map) tells a varying, a constant and an empty map', () => {
    expect(mapStatus(map(0, 1))).toBe('ok');
    expect(mapStatus(map(2, 2))).toBe('constant');
    expect(mapStatus(map(5))).toBe('constant');
    expect(mapStatus(map(2, 2.000001))).toBe('constant');
    expect(mapStatus(map(2, 2.00001))).toBe('ok');
    expect(mapStatus(map(0, 1e-40))).toBe('ok');
    expect(mapStatus(map(0, 0))).toBe('no-positive-evidence');
    expect(mapStatus(map(-1, 0))).toBe('no-positive-evidence');
  });

  it('mapStatus(map, activations, gradients) tells why a map is empty', () => {
    const a = view(Float32Array.of(1, 2), [1, 1, 2]);
    const negative = view(Float32Array.of(-1), [1]);
    const zero = view(Float32Array.of(0), [1]);
    const dead = view(new Float32Array(2), [1, 1, 2]);
    expect(mapStatus(gradCam(a, negative), a, negative)).toBe('no-positive-evidence');
    expect(mapStatus(gradCam(a, zero), a, zero)).toBe('zero-gradient');
    expect(mapStatus(gradCam(dead, negative), dead, negative)).toBe('zero-activations');
  });

  it('statusSentences has a sentence for each', () => {
    for (const sentence of Object.values(statusSentences)) expect(sentence).toMatch(/^[A-Z].+\.$/);
  });
});
