import { expect, it } from 'vitest';
import { className } from '../src/class-name.ts';

it('className is the first name without WordNet number, or the index without labels', () => {
  const labels = ['n02123045_tabby', 'tabby, tabby cat', 'n02123159 tiger_cat', 'n02123045'];
  expect(labels.map((_, index) => className(labels, index))).toEqual([
    'tabby',
    'tabby',
    'tiger cat',
    'n02123045',
  ]);
  expect(className(undefined, 281)).toBe('class 281');
});
