import { expect, it } from 'vitest';
import { isLegible } from '../../src/text/is-legible.ts';

it.each(['tabby', 'Кошка', 'α ≤ 1', '고양이', 'قطة', 'แมว', ''])('%s is drawn as letters', (text) => {
  expect(isLegible(text)).toBe(true);
});

it.each(['猫', 'tabby 猫', '🐈'])('%s has code points', (text) => {
  expect(isLegible(text)).toBe(false);
});
