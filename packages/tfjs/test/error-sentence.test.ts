import { expect, test } from 'vitest';
import { errorSentence } from '../src/error-sentence.ts';
import { runtimeError } from '../src/runtime-error.ts';

test('a short message is repeated as it is, a long one is cut', () => {
  expect(errorSentence(new Error('short'))).toBe('short');
  expect(errorSentence('no error')).toBe('no error');
  expect(errorSentence(new Error('['.repeat(5000)))).toHaveLength(401);
});

test('an operation whose name is a damaged file of 5000 characters makes no message of that length', () => {
  const error = runtimeError('createTfjsModel', new TypeError(`Unknown op '${'['.repeat(5000)}'`));
  expect(error.message.length).toBeLessThan(600);
  expect(error.message).toMatch(/^createTfjsModel: TensorFlow\.js failed on backend .*: Unknown op '\[+…$/);
});
