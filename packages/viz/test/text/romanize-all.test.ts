import { expect, it } from 'vitest';
import { romanizeAll } from '../../src/text/romanize-all.ts';

it.each([
  ['Кошка', 'Koshka'],
  ['щенок ёж', 'shchenok yozh'],
  ['кіт їжак ґава', 'kit yizhak gava'],
  ['и\u0306од', 'yod'],
  ['γάτα', 'gata'],
  ['Σκύλος', 'Skylos'],
  ['고양이', 'goyangi'],
  ['猫 cat', '猫 cat'],
])('%s becomes %s', (text, latin) => {
  expect(romanizeAll(text)).toBe(latin);
});
