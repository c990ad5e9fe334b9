import { describe, expect, test } from 'vitest';
import { className, milliseconds, number, percent, signed } from '../src/text/format.ts';

test.each([
  [0, '0 %'],
  [0.0001, '< 0.1 %'],
  [0.004, '0.4 %'],
  [0.0994, '9.9 %'],
  [0.0996, '10 %'],
  [0.8312, '83 %'],
  [1, '100 %'],
])('percent(%d) is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

test('number keeps three figures, with a real minus', () => {
  expect([0, 1.234, -12.34, 123.4].map(number)).toEqual(['0.00', '1.23', '−12.3', '123']);
  expect([0.5, -0.5].map(signed)).toEqual(['+0.50', '−0.50']);
});

test('milliseconds are seconds from a thousand on', () => {
  expect([0.2, 999, 1500].map(milliseconds)).toEqual(['1 ms', '999 ms', '1.5 s']);
});

describe('className', () => {
  test.each([
    ['n02123045_tabby', 'tabby'],
    ['n02099601 golden_retriever', 'golden retriever'],
    ['tabby, tabby cat', 'tabby'],
    ['fish', 'fish'],
    ['n02123045_', 'n02123045_'],
  ])('%s is called %s', (label, name) => {
    expect(className([label], 0)).toBe(name);
  });

  test('without labels it is its number', () => {
    expect(className(undefined, 281)).toBe('class 281');
  });
});
