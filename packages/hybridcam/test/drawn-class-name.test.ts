import { expect, it } from 'vitest';
import { drawnClassName } from '../src/drawn-class-name.ts';

it('is the name where the font can write it, else the index', () => {
  const labels = ['tabby', 'Кошка', 'قطة', 'แมว', '虎斑貓', 'cat 猫'];
  expect(labels.map((_, index) => drawnClassName(labels, index))).toEqual([
    ...['tabby', 'Кошка', 'قطة', 'แมว', 'class 4', 'class 5'],
  ]);
  expect(drawnClassName(undefined, 281)).toBe('class 281');
});
